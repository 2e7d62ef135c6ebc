package guard

import (
	"net/http"
	"testing"
	"time"
)

// TestGuard asks for addresses and names without ever connecting to one.
func TestGuard(t *testing.T) {
	g := New(time.Second)
	g.Allow("10.0.0.7", "mirror.example.org", "127.0.0.9")
	for _, test := range []struct {
		host, resolved string
		refused        bool
	}{
		{"charts.example.org", "203.0.113.7:443", false},
		{"charts.example.org", "10.1.2.3:443", false}, // a site's own network has its own charts
		{"charts.example.org", "127.0.0.1:80", true},
		{"charts.example.org", "127.8.8.8:80", true},
		{"charts.example.org", "0.0.0.0:80", true},
		{"charts.example.org", "169.254.169.254:80", true},
		{"charts.example.org", "224.0.0.251:80", true},
		{"charts.example.org", "255.255.255.255:80", true},
		{"charts.example.org", "[::1]:80", true},
		{"charts.example.org", "[::]:80", true},
		{"charts.example.org", "[::ffff:127.0.0.1]:80", true},
		{"charts.example.org", "[fe80::1%eth0]:80", true},
		{"charts.example.org", "[ff02::1]:80", true},
		{"charts.example.org", "/run/a.sock", true},
		{"mirror.example.org", "127.0.0.1:80", false},
		{"Mirror.Example.org", "[::1]:80", false},
		{"127.0.0.9", "127.0.0.9:80", false},
	} {
		err := g.control(test.host)("tcp", test.resolved, nil)
		if (Refused(err) != nil) != test.refused {
			t.Errorf("%s at %s: got %v, want refused: %v", test.host, test.resolved, err, test.refused)
		}
	}
}

// TestGuardReadsURLs states that an address in a URL is refused before a proxy could be asked for it.
func TestGuardReadsURLs(t *testing.T) {
	g := New(time.Second)
	g.Allow("127.0.0.9")
	for url, want := range map[string]bool{
		"http://127.0.0.1/": true, "https://169.254.169.254/latest/": true, "http://[::1]:8080/": true, "http://[::ffff:169.254.169.254]/": true,
		"http://0.0.0.0/": true, "http://[fe80::1]/": true, "http://127.0.0.9/": false, "https://charts.example.org/": false, "http://10.0.0.1/": false,
	} {
		req, err := http.NewRequest(http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := g.Request(req); (Refused(err) != nil) != want {
			t.Errorf("%s: got %v, want refused: %v", url, err, want)
		}
	}
}
