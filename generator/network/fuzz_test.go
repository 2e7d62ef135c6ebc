package network

import "testing"

// FuzzIndex states that reading an index never panics, nor does picking a version of any chart in it.
func FuzzIndex(f *testing.F) {
	for _, text := range []string{
		"apiVersion: v1\nentries:\n  lamp:\n  - digest: abc\n    urls: [lamp-1.0.0.tgz]\n    version: 1.0.0\n", "apiVersion: v1\nentries:\n  lamp:\n    - version: v1.0.0\n      urls:\n        - https://example.org/a.tgz\n  dim: []\ngenerated: now\n",
		`{"apiVersion": "v1", "entries": {"lamp": [{"version": "1.0.0", "urls": ["a"], "digest": "b"}]}}`, "entries: {lamp: [{version: 1.0.0}]}", "entries:\n  a: &x\n  - version: 1\n  b: *x\n", "entries:\n", "<html>", "entries:\n  \"a\\n\":\n  - {}\n", "\r\nentries:\r\n  a:\r\n  - version: 1.0.0\r\n", "",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		found, err := readIndex(data)
		if err != nil {
			return
		}
		for name := range found {
			list, err := found.releases(name)
			if err != nil {
				continue
			}
			for _, r := range list {
				if got, ok := pick(list, r.Version); !ok || got.Version != r.Version {
					t.Errorf("%s %q is in the index, and not found there", name, r.Version)
				}
			}
		}
	})
}
