package network

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/guard"
)

var (
	errNotFound    = errors.New("404")
	errNotModified = errors.New("304")
	errOversize    = errors.New("more bytes than allowed")
)

// get reads what stands at a URL, up to limit bytes. Where the connection breaks off on the way, it begins anew. The
// header is nil where there is nothing new.
func (n *Network) get(ctx context.Context, client *http.Client, u *url.URL, header http.Header, limit int64) (data []byte, answer http.Header, err error) {
	for range tries {
		data, answer, err = getOnce(ctx, client, u, header, limit)
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			return data, answer, err
		}
	}
	return nil, nil, unavailable("%s breaks off", chart.Location(u.String()))
}

func getOnce(ctx context.Context, client *http.Client, u *url.URL, header http.Header, limit int64) ([]byte, http.Header, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, nil, err
	}
	for name, values := range header {
		req.Header[name] = values
	}
	req.Header.Set("User-Agent", userAgent)
	resp, err := client.Do(req)
	var asked *url.Error // which would print the URL
	var silent *silentError
	switch {
	case err == nil:
	case ctx.Err() != nil || errors.As(err, &silent) || guard.Refused(err) != nil:
		return nil, nil, err
	case errors.As(err, &asked):
		return nil, nil, unavailable("%s: %v", u.Host, asked.Err)
	default:
		return nil, nil, err
	}
	defer resp.Body.Close()
	if err := answered(resp, u); err != nil {
		return nil, nil, err
	}
	if resp.ContentLength > limit {
		return nil, nil, errOversize
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err == nil && int64(len(data)) > limit {
		return nil, nil, errOversize
	}
	return data, resp.Header, err
}

// answered gives the error of an answer that is not what was asked for.
func answered(resp *http.Response, u *url.URL) error {
	switch resp.StatusCode {
	case http.StatusOK:
		return nil
	case http.StatusNotFound:
		return errNotFound
	case http.StatusNotModified:
		return errNotModified
	case http.StatusUnauthorized, http.StatusForbidden:
		return unavailable("%s answers %s: give user and password by helm repo add --username USER --password-stdin NAME URL", u.Host, resp.Status)
	}
	return unavailable("%s answers %s", u.Host, resp.Status)
}

const userAgent = "gitopsgen"
