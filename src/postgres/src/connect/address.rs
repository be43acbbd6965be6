//! From an address to what the client needs.

use std::fmt::Write;
use std::path::PathBuf;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use super::trust::Trust;
use crate::config::PostgresConfig;
use crate::error::{PostgresError, Result};

/// Where and how to connect.
pub(super) struct Address {
    pub(super) config: Config,
    pub(super) trust: Trust,
    /// `database "photos" at db:5432`, for messages.
    pub(super) place: String,
}

impl Address {
    /// # Errors
    /// `Url`, which never shows the address: a password may be in it.
    pub(super) fn read(url: &str, settings: &PostgresConfig) -> Result<Self> {
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(bad("it does not begin with postgres://"));
        }
        let (front, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut kept, mut mode, mut certificates) = (Vec::new(), "prefer".to_owned(), None);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", value)) => mode = value.to_owned(),
                Some(("sslrootcert", value)) => certificates = Some(decoded(value)?),
                _ => kept.push(pair),
            }
        }
        let certificates = certificates.filter(|name| name != "system").map(PathBuf::from);
        let url = format!("{front}?{}", kept.join("&"));
        let mut config: Config =
            url.parse().map_err(|error| bad(&crate::error::with_sources(&error)))?;
        let trust = prepare(&mut config, &mode, certificates)?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(bad("it names no host"));
        }
        finish(&mut config, settings);
        let place = place_of(&config);
        Ok(Self { config, trust, place })
    }
}

fn bad(reason: &str) -> PostgresError {
    PostgresError::Url { reason: reason.to_owned() }
}

fn prepare(config: &mut Config, mode: &str, certificates: Option<PathBuf>) -> Result<Trust> {
    let (ssl, trust) = match mode {
        "disable" => (SslMode::Disable, Trust::Anyone),
        "prefer" | "allow" => (SslMode::Prefer, Trust::Anyone),
        // As PostgreSQL's own library: with certificates named, they are looked at.
        "require" if certificates.is_none() => (SslMode::Require, Trust::Anyone),
        "require" | "verify-ca" => (SslMode::Require, Trust::AnyName(certificates)),
        "verify-full" => (SslMode::Require, Trust::Named(certificates)),
        _ => {
            return Err(bad("sslmode is one of disable, prefer, require, verify-ca, verify-full"));
        }
    };
    config.ssl_mode(ssl);
    Ok(trust)
}

/// What the address does not say.
fn finish(config: &mut Config, settings: &PostgresConfig) {
    if config.get_password().is_none()
        && let Ok(password) = std::env::var("PGPASSWORD")
    {
        config.password(password);
    }
    if config.get_application_name().is_none() {
        config.application_name("seer");
    }
    config.connect_timeout(settings.connect_timeout);
    config.keepalives_idle(std::time::Duration::from_secs(30));
    config.keepalives_interval(std::time::Duration::from_secs(10));
    config.keepalives_retries(3);
    config.tcp_user_timeout(std::time::Duration::from_secs(60));
}

fn place_of(config: &Config) -> String {
    let mut place = String::from("database");
    if let Some(name) = config.get_dbname().or(config.get_user()) {
        let _ = write!(place, " \"{name}\"");
    }
    let ports = config.get_ports();
    let hosts = config.get_hosts().iter().enumerate().map(|(number, host)| {
        let port = ports.get(number).or(ports.first()).copied().unwrap_or(5432);
        match host {
            Host::Tcp(name) => format!("{name}:{port}"),
            #[cfg(unix)]
            Host::Unix(folder) => format!("{}:{port}", folder.display()),
        }
    });
    let hosts: Vec<String> = hosts.collect();
    let addresses = config.get_hostaddrs().iter().map(ToString::to_string);
    let all = if hosts.is_empty() { addresses.collect() } else { hosts };
    let _ = write!(place, " at {}", all.join(" or "));
    place
}

/// `%2F` is a slash.
fn decoded(text: &str) -> Result<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = [rest.next(), rest.next()].map(|digit| {
            digit.and_then(|digit| char::from(digit).to_digit(16)).map(|digit| digit as u8)
        });
        match digits {
            [Some(high), Some(low)] => bytes.push(high * 16 + low),
            _ => return Err(bad("a % in it is not followed by two hex digits")),
        }
    }
    String::from_utf8(bytes).map_err(|_| bad("it is not Unicode"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Result<Address> {
        Address::read(url, &PostgresConfig::new(url))
    }

    #[test]
    fn addresses_are_understood_and_passwords_stay_secret() {
        let url = "postgres://me:s%20ecret@a:1,b:2/photos?sslmode=verify-full&sslrootcert=%2Fca.pem&target_session_attrs=read-write";
        let address = read(url).unwrap();
        assert_eq!(address.place, "database \"photos\" at a:1 or b:2");
        assert!(matches!(address.config.get_ssl_mode(), SslMode::Require));
        let Trust::Named(Some(file)) = address.trust else { panic!("not verified") };
        assert_eq!(file, PathBuf::from("/ca.pem"));
        assert!(!format!("{:?}", PostgresConfig::new(url)).contains("ecret"));
    }

    #[test]
    fn nonsense_is_refused_with_a_reason() {
        for (url, reason) in [
            ("mysql://x/y", "postgres://"),
            ("postgres://h/d?sslmode=maybe", "sslmode"),
            ("postgres://h/d?color=red", "color"),
            ("postgres://u:secret@h:port/d", "port"),
            ("postgres:///d", "host"),
            ("postgres://h/d?sslrootcert=%zz", "hex"),
        ] {
            let text = read(url).err().unwrap().to_string();
            assert!(text.contains(reason) && !text.contains("secret"), "{url}: {text}");
        }
    }
}
