// Package doors shuts the doors of the process while it works on what strangers wrote.
//
// Libraries start programs and open connections by themselves when an input asks for it. What they would use is the
// process's own: the path on which programs are found, and the transport that everybody shares. It knows these, and
// nothing of who would go through them.
package doors

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"sync"
)

// shut are the variables of the environment while the doors are shut: no program is found, and a Git that is started all
// the same knows no way to any repository.
var shut = map[string]string{"PATH": "", "GIT_ALLOW_PROTOCOL": "none"}

// The environment is one for the whole process, so what is known of it is too.
var (
	mu sync.Mutex
	// behind counts those who work behind shut doors, outside those who were let out.
	behind, outside int
	// saved is what the variables were before, nil for those that were not set.
	saved map[string]*string
	// changed is closed, and made anew, when one of the counts falls to zero.
	changed = make(chan struct{})
)

// Shut shuts the doors until open is called. Several may do so at once: the last one opens them.
func Shut() (open func()) {
	mu.Lock()
	defer mu.Unlock()
	for outside > 0 {
		wait(context.Background())
	}
	if behind++; behind == 1 {
		swap()
	}
	return sync.OnceFunc(func() {
		mu.Lock()
		defer mu.Unlock()
		if behind--; behind == 0 {
			restore()
			announce()
		}
	})
}

// Outside calls work when the doors are open, and keeps them so: for programs that the user's own settings name. It waits
// for those who work behind shut doors; where ctx ends first, the error is ctx's.
func Outside(ctx context.Context, work func()) error {
	mu.Lock()
	for behind > 0 {
		if err := wait(ctx); err != nil {
			mu.Unlock()
			return err
		}
	}
	outside++
	mu.Unlock()
	defer func() {
		mu.Lock()
		defer mu.Unlock()
		if outside--; outside == 0 {
			announce()
		}
	}()
	work()
	return nil
}

// wait waits for a change. It is called, and returns, with mu locked.
func wait(ctx context.Context) error {
	c := changed
	mu.Unlock()
	defer mu.Lock()
	select {
	case <-c:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func announce() {
	close(changed)
	changed = make(chan struct{})
}

func swap() {
	saved = map[string]*string{}
	for name, value := range shut {
		if old, set := os.LookupEnv(name); set {
			saved[name] = &old
		} else {
			saved[name] = nil
		}
		os.Setenv(name, value)
	}
}

func restore() {
	for name, old := range saved {
		if old == nil {
			os.Unsetenv(name)
		} else {
			os.Setenv(name, *old)
		}
	}
}

// Refusal is a transport that lets nothing through. As http.DefaultTransport it is met by all that asks by itself.
type Refusal struct{}

// RoundTrip implements http.RoundTripper.
func (Refusal) RoundTrip(req *http.Request) (*http.Response, error) {
	return nil, fmt.Errorf("%s is not asked: only charts and files that are named by URL are fetched", req.URL.Host)
}
