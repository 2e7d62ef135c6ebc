package policies.secrets.plaintext_credential_test

import data.lib.workloads_test.lamp
import data.policies.secrets.plaintext_credential

failing := lamp({"env": [{"name": "DB_PASSWORD", "value": "fake-for-tests"}]})

mended := lamp({"env": [{"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "lamp", "key": "password"}}}]})

_count(name, value) := count(findings) if {
	findings := plaintext_credential.deny with input.object as lamp({"env": [{"name": name, "value": value}]})
}

_config(values) := {finding.msg | some finding in findings} if {
	findings := plaintext_credential.deny with input.object as {"apiVersion": "v1", "kind": "ConfigMap", "data": values}
}

test_denies_variables if {
	plaintext_credential.deny == {{
		"msg": "variable DB_PASSWORD of container \"lamp\" holds a credential in clear",
		"at": ["spec", "template", "spec", "containers", 0, "env", 0, "value"],
	}} with input.object as failing
	every name in [
		"PASSWORD", "password", "GF_ADMIN_PASSWORD", "TOKEN", "apiKey", "API_KEY", "clientSecret", "AWS_SECRET_ACCESS_KEY", "PRIVATE-KEY", "PASSPHRASE",
		"app.credentials", "PASSWD", "MYSQL_PWD", "SECRET_KEY",
	] {
		_count(name, "fake-for-tests") == 1
	}
}

test_denies_keys if {
	_config({"a": "b", "password": "fake-for-tests"}) == {"key \"password\" holds a credential in clear"}
}

test_denies_values_by_their_form if {
	every value in [
		"-----BEGIN RSA PRIVATE KEY-----\nZmFrZQ==", "-----BEGIN PRIVATE KEY-----", "key = AKIAFAKEFAKEFAKEFAKE",
		concat("_", ["ghp", "fakefakefakefakefakefakefakefakefake"]), "postgres://lamp:fake@db.lights.svc/lamp",
		"glpat-fakefakefakefakefake", "xoxb-fakefakefakefakefake",
		concat("_", ["github_pat", "fakefakefakefakefakefakefakefakefakefakefakefakefakefakefakefakefake"]),
	] {
		_config({"settings.ini": value}) == {"key \"settings.ini\" holds a credential in clear"}
	}
}

test_allows_names_of_other_things if {
	every name in ["PASSWORD_FILE", "TOKEN_TTL", "SECRET_NAME", "TOKENS", "PASSWORD_MIN_LENGTH", "COLOUR", "MYTOKENIZER", "ETCD_INITIAL_CLUSTER_TOKEN", "initial-cluster-token"] {
		_count(name, "fake-for-tests") == 0
	}
}

test_allows_values_that_are_none if {
	every value in [
		"", " ", "true", "False", "off", "8", "30s", "/run/secrets/password", "./a", "~/a", "$(PASSWORD)", "${PASSWORD}", "<path:secret>", "INSERT_TOKEN_HERE", "{{ a }}",
		"%(a)s", "file:/a", "env:A", "vault:a", "https://idp.example.org/token", "none", "enabled", "how to set it", null, 5,
	] {
		_count("PASSWORD", value) == 0
	}
}

test_allows_addresses_without_passwords if {
	every value in ["https://example.org:8080/a@b", "postgres://lamp@db/lamp", "postgres://lamp:$(PASSWORD)@db", "postgres://lamp:<password>@db", "a:b@c"] {
		_config({"url": value}) == set()
	}
}

test_allows_other_kinds if {
	plaintext_credential.deny == set() with input.object as {"apiVersion": "v1", "kind": "Secret", "data": {"password": "fake-for-tests"}}
}
