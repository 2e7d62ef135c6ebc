# METADATA
# title: SopsSecret is not encrypted
# description: Encrypt the file with sops encrypt --in-place before it is committed, and change what was in it if it was pushed.
# custom:
#   rationale: What was in Git once in clear, everybody who can read the repository has, and its history keeps it.
#   severity: {small: error, medium: error, enterprise: error}
#   kinds: [SopsSecret]
#   references:
#     - https://getsops.io/docs/
package policies.secrets.sops_in_clear

# What sops encrypts says by this prefix.
_encrypted(text) if startswith(text, "ENC[")

deny contains finding if {
	some i, template in input.object.spec.secretTemplates
	some field in ["data", "stringData"]
	some key, value in template[field]
	not _encrypted(value)
	finding := {
		"msg": sprintf("key %q of secretTemplates[%d].%s stands in clear", [key, i, field]),
		"at": ["spec", "secretTemplates", i, field, key],
	}
}
