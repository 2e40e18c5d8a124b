import type { SecretRule } from './secret-rule.ts';

/** Options of a program whose values are secrets. */
export interface SecretProgram extends SecretRule {
  /** The last part of a path. */
  readonly program: RegExp;
  /** An option whose value is the next argument. */
  readonly apart?: RegExp;
  /** An option and its value in one argument; group 1 stays. */
  readonly attached?: RegExp;
  /** The value is a secret only after this: `user:secret`. */
  readonly after?: string;
  /** The first such value only: what follows is another program's. */
  readonly once?: true;
}

function program(
  id: string,
  example: string,
  names: RegExp,
  rest: Omit<SecretProgram, 'program' | keyof SecretRule>,
): SecretProgram {
  return { id: `program:${id}`, matches: `the password that ${id} takes`, example, program: names, ...rest };
}

const CURL = /^(?:curl|wget|etcdctl)$/;
const MONGO =
  /^(?:mongo(?:sh|dump|restore|export|import|stat|top|files)?|cqlsh|beeline|rabbitmqadmin|evil-winrm)$/;

export const SECRET_PROGRAMS: readonly SecretProgram[] = [
  program('mysql', 'mysql -pS3CR3T', /^(?:mysql|mariadb)[\w-]*$/, {
    attached: /^(-p).+/s,
    apart: /^(?:new-)?password$/,
  }),
  program('curl -u', 'curl -u user:S3CR3T', CURL, {
    apart: /^-[A-Za-z]*[uUE]$|^--(?:proxy-)?user$|^--cert$/,
    attached: /^(-[uUE]|--(?:proxy-)?user=|--cert=).+/s,
    after: ':',
  }),
  program('curl -b', 'curl -b session=S3CR3T', CURL, { apart: /^-[A-Za-z]*b$|^--cookie$/, after: '=' }),
  program('httpie', 'http -a user:S3CR3T host', /^https?$/, { apart: /^(?:-a|--auth)$/, after: ':' }),
  program('redis-cli', 'redis-cli -a S3CR3T', /^redis-cli$/, { apart: /^-a$/ }),
  program('sshpass', 'sshpass -p S3CR3T ssh host', /^sshpass$/, {
    apart: /^-p$/,
    attached: /^(-p).+/s,
    once: true,
  }),
  program('openssl', 'openssl enc -k S3CR3T', /^openssl$/, { apart: /^-[kK]$/ }),
  program('mongo, cqlsh, beeline', 'mongosh -p S3CR3T', MONGO, { apart: /^-p$/, attached: /^(-p).+/s }),
  program('ldap tools', 'ldapsearch -w S3CR3T', /^ldap[a-z]+$/, { apart: /^-w$/, attached: /^(-w).+/s }),
  program('login', 'docker login -u user -p S3CR3T', /^login$/, { apart: /^-p$/, attached: /^(-p).+/s }),
  program('7z, rar', '7z a -pS3CR3T out.7z', /^(?:7z[arz]?|(?:un)?rar)$/, { attached: /^(-p).+/s }),
  program('zip', 'unzip -P S3CR3T in.zip', /^(?:un)?zip$/, { apart: /^-P$/, attached: /^(-P).+/s }),
  program('sqlcmd', 'sqlcmd -U sa -P S3CR3T', /^(?:sqlcmd|bcp|[iot]sql)$/, {
    apart: /^-P$/,
    attached: /^(-P).+/s,
  }),
  program('sqlplus', 'sqlplus user/S3CR3T@db', /^(?:sqlplus|exp|imp|expdp|impdp)$/, {
    attached: /^([\w.$#-]+\/)[^@\s/]+/,
  }),
  program('smbclient', 'smbclient -U user%S3CR3T', /^(?:smb[a-z]+|rpcclient|mount\.cifs)$/, {
    apart: /^(?:-U|--user)$/,
    attached: /^(-U|--user=).+/s,
    after: '%',
  }),
  program('lftp', 'lftp -u user,S3CR3T host', /^lftp$/, { apart: /^-u$/, after: ',' }),
  program('nmcli', 'nmcli dev wifi connect net password S3CR3T', /^nmcli$/, {
    apart: /^(?:password|[\w-]+\.psk)$/,
  }),
  program('remote desktop', 'xfreerdp /p:S3CR3T', /^(?:[wx]l?freerdp3?|rdesktop)$/, {
    apart: /^-p$/,
    attached: /^(\/p:).+/s,
  }),
  program('mosquitto, ipmitool', 'mosquitto_sub -P S3CR3T', /^(?:mosquitto_[a-z]+|ipmitool)$/, {
    apart: /^-P$/,
  }),
  program('snmp tools', 'snmpwalk -A S3CR3T', /^snmp[a-z]+$/, { apart: /^-[AXc]$/ }),
  program('useradd', 'useradd -p S3CR3T bob', /^user(?:add|mod)$/, { apart: /^-p$/, attached: /^(-p).+/s }),
  program('ngrok, frpc', 'ngrok authtoken S3CR3T', /^(?:ngrok|frpc)$/, {
    apart: /^(?:(?:add-)?authtoken|-t)$/,
  }),
  program('ssh-keygen', 'ssh-keygen -N S3CR3T -f key', /^ssh-keygen$/, { apart: /^-[NP]$/ }),
  program('pdftk', 'pdftk a.pdf input_pw S3CR3T', /^pdftk$/, { apart: /^(?:input|owner|user)_pw$/i }),
  program('ttyd', 'ttyd -c user:S3CR3T bash', /^ttyd$/, { apart: /^(?:-c|--credential)$/, after: ':' }),
  program('aws configure', 'aws configure set aws_secret_access_key S3CR3T', /^aws$/, {
    apart: /^[\w.-]*(?:secret_access_key|session_token)$/,
  }),
];
