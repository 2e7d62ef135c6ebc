package refused

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/gitopsgen/gitopsgen/linter/refused/field"
)

// maxData is how much a ConfigMap or a Secret holds.
const maxData = 1 << 20

var configMap = field.All(
	field.At("data.*", field.DataKey.Names), field.At("binaryData.*", field.DataKey.Names, base64Text),
	func(n *field.Node) {
		for _, data := range n.Get("binaryData").Fields() {
			if n.Get("data").Has(data.Name()) {
				data.RefuseName("Leave one of them out.", "data has %q, too", data.Name())
			}
		}
		size := decoded(n.Get("binaryData"))
		for _, data := range n.Get("data").Fields() {
			size += len(data.Text())
		}
		tooLarge(n, size)
	},
)

func tooLarge(n *field.Node, size int) {
	if size > maxData {
		n.Refuse("Divide it.", "the data has %d bytes, and %d at most are taken", size, maxData)
	}
}

// decoded counts the bytes of data in base64.
func decoded(data *field.Node) (size int) {
	for _, n := range data.Fields() {
		text, _ := base64.StdEncoding.DecodeString(n.Text())
		size += len(text)
	}
	return size
}

// base64Text judges data in base64. It tells nothing of what is written there: it may be secret. What something else fills in
// before is left alone.
func base64Text(n *field.Node) {
	text := n.Text()
	if strings.ContainsAny(text, "<${") {
		return
	}
	if _, err := base64.StdEncoding.DecodeString(text); err != nil {
		n.Refuse("Write it in base64, or as it is into stringData of a Secret, data of a ConfigMap.", "is not base64")
	}
}

// secretKeys are the keys that the data of a Secret must have by its type.
var secretKeys = map[string][]string{
	"kubernetes.io/dockercfg":        {".dockercfg"},
	"kubernetes.io/dockerconfigjson": {".dockerconfigjson"},
	"kubernetes.io/ssh-auth":         {"ssh-privatekey"},
	"kubernetes.io/tls":              {"tls.crt", "tls.key"},
}

// secret judges one. Of an encrypted one only the names are there.
func secret(n *field.Node) {
	field.At("data.*", field.DataKey.Names)(n)
	field.At("stringData.*", field.DataKey.Names)(n)
	if n.Has("sops") {
		return
	}
	field.At("data.*", base64Text)(n)
	size := decoded(n.Get("data"))
	for _, text := range n.Get("stringData").Fields() {
		size += len(text.Text())
	}
	tooLarge(n, size)
	kind := n.Get("type").Text()
	isSet := func(key string) bool { return n.Get("data").Has(key) || n.Get("stringData").Has(key) }
	for _, key := range secretKeys[kind] {
		if !isSet(key) {
			n.Refuse("Add the key to data, or to stringData.", "data has no %q, which a Secret of type %s needs", key, kind)
		}
	}
	if kind == "kubernetes.io/basic-auth" && !isSet("username") && !isSet("password") {
		n.Refuse("Add one of the keys to data, or to stringData.", "data has neither %q nor %q, and a Secret of type %s needs one", "username", "password", kind)
	}
	account := n.Get("metadata").Get("annotations").Get("kubernetes.io/service-account.name")
	if kind == "kubernetes.io/service-account-token" && account.Text() == "" {
		n.Refuse("Add the annotation.", "has no annotation %q, which a Secret of type %s needs", account.Name(), kind)
	}
	if kind == "kubernetes.io/dockerconfigjson" {
		dockerConfig(n.Get("stringData").Get(".dockerconfigjson"))
	}
}

func dockerConfig(n *field.Node) {
	var config map[string]any
	if text := n.Text(); n.Value != nil && !strings.ContainsAny(text, "<$") && json.Unmarshal([]byte(text), &config) != nil {
		n.Refuse("Write the JSON that docker login writes.", "is not JSON")
	}
}
