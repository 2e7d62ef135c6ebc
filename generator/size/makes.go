package size

import "github.com/gitopsgen/gitopsgen/generator/manifest"

// makes are the pods that operators make of custom resources, with what they claim, by group/Kind. What they make beside these,
// and of each disk, is not in the resource.
var makes = map[string]func(r *reader, spec any) Platform{
	"ceph.rook.io/CephCluster": func(r *reader, spec any) Platform {
		daemons := func(name string) Size {
			return r.resources(manifest.Dig(spec, "resources", name)).Times(r.quantity(manifest.Dig(spec, name, "count")))
		}
		return Platform{Once: daemons("mon").Plus(daemons("mgr"))}
	},
	"ceph.rook.io/CephFilesystem": func(r *reader, spec any) Platform {
		server := manifest.Dig(spec, "metadataServer")
		n := r.quantity(manifest.Dig(server, "activeCount"))
		if manifest.Dig(server, "activeStandby") == true {
			n *= 2
		}
		return Platform{Once: r.resources(manifest.Dig(server, "resources")).Times(n)}
	},
	"ceph.rook.io/CephObjectStore": func(r *reader, spec any) Platform {
		gateway := manifest.Dig(spec, "gateway")
		return Platform{Once: r.resources(manifest.Dig(gateway, "resources")).Times(r.quantity(manifest.Dig(gateway, "instances")))}
	},
	"elasticsearch.k8s.elastic.co/Elasticsearch": func(r *reader, spec any) (all Platform) {
		for _, set := range list(spec, "nodeSets") {
			one := r.pod(manifest.Dig(set, "podTemplate", "spec"))
			for _, claim := range list(set, "volumeClaimTemplates") {
				one = one.Plus(r.resources(manifest.Dig(claim, "spec", "resources")))
			}
			all.Once = all.Once.Plus(one.Times(r.quantity(manifest.Dig(set, "count"))))
		}
		return all
	},
	"gateway.envoyproxy.io/EnvoyProxy": func(r *reader, spec any) Platform {
		proxies := manifest.Dig(spec, "provider", "kubernetes", "envoyDeployment")
		return Platform{Once: r.resources(manifest.Dig(proxies, "container", "resources")).Times(r.count(manifest.Dig(proxies, "replicas")))}
	},
	"kibana.k8s.elastic.co/Kibana": func(r *reader, spec any) Platform {
		return Platform{Once: r.pod(manifest.Dig(spec, "podTemplate", "spec")).Times(r.quantity(manifest.Dig(spec, "count")))}
	},
	"logging.banzaicloud.io/FluentbitAgent": func(r *reader, spec any) Platform {
		return Platform{Each: r.resources(manifest.Dig(spec, "resources"))}
	},
	"logging.banzaicloud.io/Logging": func(r *reader, spec any) Platform {
		fluentd := manifest.Dig(spec, "fluentd")
		one := r.resources(manifest.Dig(fluentd, "resources")).Plus(r.resources(manifest.Dig(fluentd, "configReloaderResources")))
		one = one.Plus(r.resources(manifest.Dig(fluentd, "bufferStorageVolume", "pvc", "spec", "resources")))
		return Platform{Once: one.Times(r.count(manifest.Dig(fluentd, "scaling", "replicas")))}
	},
	"monitoring.coreos.com/Alertmanager": measuring,
	"monitoring.coreos.com/Prometheus":   measuring,
	"postgresql.cnpg.io/Cluster": func(r *reader, spec any) Platform {
		one := r.resources(manifest.Dig(spec, "resources"))
		one.Claims = r.quantity(manifest.Dig(spec, "storage", "size")) + r.quantity(manifest.Dig(spec, "walStorage", "size"))
		return Platform{Once: one.Times(r.count(manifest.Dig(spec, "instances")))}
	},
	"vault.banzaicloud.com/Vault": func(r *reader, spec any) Platform {
		var one Size
		containers, _ := manifest.Dig(spec, "resources").(map[string]any)
		for _, asked := range containers {
			one = one.Plus(r.resources(asked))
		}
		for _, claim := range list(spec, "volumeClaimTemplates") {
			one = one.Plus(r.resources(manifest.Dig(claim, "spec", "resources")))
		}
		return Platform{Once: one.Times(r.count(manifest.Dig(spec, "size")))}
	},
}

// measuring is what the Prometheus operator makes: servers, each with a claim.
func measuring(r *reader, spec any) Platform {
	claim := manifest.Dig(spec, "storage", "volumeClaimTemplate", "spec", "resources")
	return Platform{Once: r.resources(manifest.Dig(spec, "resources")).Plus(r.resources(claim)).Times(r.count(manifest.Dig(spec, "replicas")))}
}
