package policies.secrets.plain_secret_test

import data.policies.secrets.plain_secret

failing := {
	"apiVersion": "v1",
	"kind": "Secret",
	"metadata": {"name": "database", "namespace": "shop"},
	"stringData": {"username": "shop", "password": "example"},
}

mended := {
	"apiVersion": "external-secrets.io/v1",
	"kind": "ExternalSecret",
	"metadata": {"name": "database", "namespace": "shop"},
	"spec": {
		"secretStoreRef": {"kind": "ClusterSecretStore", "name": "vault"},
		"dataFrom": [{"extract": {"key": "shop/database"}}],
	},
}

_secret(fields) := object.union(json.remove(failing, ["stringData"]), fields)

# _labelled is a Secret of Argo CD of a type.
_labelled(type, fields) := object.union(
	_secret({"stringData": fields}),
	{"metadata": {"labels": {"argocd.argoproj.io/secret-type": type}}},
)

# _findings are what the policy says of a Secret.
_findings(secret) := findings if {
	findings := plain_secret.deny with input.object as secret
}

_certificate := "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"

test_denies_once_all_that_stands_in_clear if {
	_findings(object.union(failing, {"data": {"token": "ZXhhbXBsZQ==", "empty": ""}})) == {{
		"msg": `in clear stands data "token", stringData "password", stringData "username"`,
		"at": ["data", "token"],
	}}
}

test_denies_every_text if {
	every text in ["example", "not <a> reference", "<a> <b>", "of vault:", "a ENC[x]", "a ref+x://"] {
		every field, value in {"data": base64.encode(text), "stringData": text} {
			_findings(_secret({field: {"key": value}})) == {{
				"msg": sprintf("in clear stands %s \"key\"", [field]),
				"at": [field, "key"],
			}}
		}
	}
	count(_findings(_secret({"data": {"key": "no base64!"}}))) == 1
}

test_denies_private_keys_beside_certificates if {
	count(_findings(_secret({"stringData": {"tls.pem": concat("", [_certificate, "-----BEGIN PRIVATE KEY-----"])}}))) == 1
}

test_denies_credentials_of_repositories if {
	every type in ["repository", "repo-creds", "repository-write"] {
		every key in ["bearerToken", "gcpServiceAccountKey", "githubAppPrivateKey", "password", "sshPrivateKey", "tlsClientCertKey"] {
			findings := _findings(_labelled(type, {"url": "https://git.example.org/shop.git", key: "example"}))
			{finding.at | some finding in findings} == {["stringData", key]}
		}
	}
}

test_denies_credentials_of_clusters if {
	every config in [
		`{"bearerToken": "example"}`,
		`{"password": "example"}`,
		`{"tlsClientConfig": {"keyData": "example"}}`,
		"no JSON",
	] {
		findings := _findings(_labelled("cluster", {"server": "https://192.0.2.1:6443", "config": config}))
		{finding.at | some finding in findings} == {["stringData", "config"]}
	}
}

test_denies_names_of_addresses_elsewhere if {
	every type in ["", "scm-creds", "a-repository"] {
		count(_findings(_labelled(type, {"url": "example"}))) == 1
		count(_findings(_labelled(type, {"config": "{}"}))) == 1
	}
}

test_allows_secrets_without_values if {
	every fields in [{}, null, {"key": ""}, {"key": null}, {"key": " \n"}, {"key": 1}, {"key": {}}, ["x"], "x"] {
		_findings(_secret({"stringData": fields})) == set()
		_findings(_secret({"data": fields})) == set()
	}
	_findings(_secret({})) == set()
}

test_allows_tokens_that_are_filled_in if {
	_findings(object.union(failing, {"type": "kubernetes.io/service-account-token"})) == set()
}

test_allows_what_is_encrypted_or_a_reference if {
	every text in [
		"ENC[AES256_GCM,data:eA==,type:str]",
		"<password>",
		"<path:secret/data/shop#password>",
		"vault:secret/data/shop#password",
		">>vault:secret/data/shop#password",
		"ref+vault://secret/shop#/password",
		_certificate,
	] {
		_findings(_secret({"stringData": {"key": text}})) == set()
		_findings(_secret({"data": {"key": base64.encode(text)}})) == set()
	}
	_findings(_secret({"data": {"key": "ENC[AES256_GCM,data:eA==,type:str]"}})) == set()
}

test_denies_configuration_with_a_word_of_credentials if {
	every text in [
		"user: web\npassword: example\n",
		"user=web\npwd=example\n",
		"url: https://web:example@192.0.2.1\nuser: web\n",
		"web:$2y$05$abcdefgh\nann:$2y$05$abcdefgh\n",
		"example\nexample\n",
		"colour: blue",
		"colour: blue\n",
	] {
		count(_findings(_secret({"stringData": {"config": text}}))) == 1
	}
}

test_allows_configuration_without if {
	every text in ["route:\n  receiver: none\nreceivers:\n  - name: none\n", "a.level=INFO\nb = 1\n"] {
		_findings(_secret({"stringData": {"config": text}})) == set()
	}
}

test_allows_addresses_of_argo_cd if {
	every type in ["repository", "repo-creds", "repository-write"] {
		_findings(_labelled(type, {"url": "https://git.example.org/shop.git", "type": "git", "username": "argo"})) == set()
	}
	every config in [`{}`, `{"bearerToken": ""}`, `{"tlsClientConfig": {"caData": "eA==", "insecure": false}}`] {
		_findings(_labelled("cluster", {"name": "edge", "server": "https://192.0.2.1:6443", "config": config})) == set()
	}
}
