package network

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/generator/chart"
)

// repository is what Helm's repositories.yaml says of one HTTP repository.
type repository struct {
	URL      string `json:"url"`
	Username string `json:"username"`
	Password string `json:"password"`
	CertFile string `json:"certFile"`
	KeyFile  string `json:"keyFile"`
	CAFile   string `json:"caFile"`
	Insecure bool   `json:"insecure_skip_tls_verify"`
	// PassAll gives user and password to other hosts too, where the index says that archives stand there.
	PassAll bool `json:"pass_credentials_all"`
}

// readRepositories reads a repositories.yaml; one that is not there has no repositories.
func readRepositories(file string) ([]repository, error) {
	data, err := os.ReadFile(file)
	if file == "" || errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var doc struct {
		Repositories []repository `json:"repositories"`
	}
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("%s: no list of repositories as Helm keeps it", file) // whose text may hold a password
	}
	return doc.Repositories, nil
}

// repositoryAt gives what is known of the repository at a URL; user and password may stand in the URL itself.
func repositoryAt(known []repository, repo string) (repository, error) {
	u, err := url.Parse(repo)
	if err != nil {
		return repository{}, errors.New("the URL of its repository cannot be read")
	}
	found := repository{URL: chart.Location(repo)}
	for _, r := range known {
		if strings.TrimSuffix(r.URL, "/") == strings.TrimSuffix(found.URL, "/") {
			found = r
		}
	}
	if u.User != nil {
		found.Username = u.User.Username()
		found.Password, _ = u.User.Password()
	}
	return found, nil
}

// tls gives what a repository wants of the TLS connection; nil where that is nothing of its own.
func (r repository) tls(roots *x509.CertPool) (*tls.Config, error) {
	if r.CAFile == "" && r.CertFile == "" && !r.Insecure {
		return nil, nil
	}
	config := &tls.Config{RootCAs: roots, InsecureSkipVerify: r.Insecure}
	if r.CAFile != "" {
		pool, err := Roots(r.CAFile)
		if err != nil {
			return nil, err
		}
		config.RootCAs = pool
	}
	if r.CertFile != "" {
		pair, err := tls.LoadX509KeyPair(r.CertFile, r.KeyFile)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return config, nil
}

// Roots are the system's authorities and those in a PEM file.
func Roots(file string) (*x509.CertPool, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s: no certificate in PEM format", file)
	}
	return pool, nil
}

// login gives user and password to the origins that they are for, and to no other that a server sends us on to.
type login struct {
	base       http.RoundTripper
	repository repository
	origins    []string
}

// RoundTrip implements http.RoundTripper.
func (l login) RoundTrip(req *http.Request) (*http.Response, error) {
	for _, o := range l.origins {
		if o == origin(req.URL) {
			req = req.Clone(req.Context())
			req.SetBasicAuth(l.repository.Username, l.repository.Password)
			break
		}
	}
	return l.base.RoundTrip(req)
}

func origin(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return u.Scheme + "://" + strings.ToLower(u.Hostname()) + ":" + port
}

// stayEncrypted refuses to be sent on from https to http, and in circles.
func stayEncrypted(req *http.Request, via []*http.Request) error {
	switch {
	case len(via) > 9:
		return errors.New("it sends us on more than 9 times")
	case via[len(via)-1].URL.Scheme == "https" && req.URL.Scheme != "https":
		return errors.New("it sends us on from https to " + req.URL.Scheme)
	}
	return nil
}
