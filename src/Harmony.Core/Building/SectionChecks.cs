using Harmony.Core.Configuration;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;

namespace Harmony.Core.Building;

/// <summary>Checks tables that no single module answers for, and says which of them have no effect yet.</summary>
internal sealed class SectionChecks(ConfigSet config, ConfigProblems problems, IReadOnlyList<IStorageModule> stores)
{
    public void Check()
    {
        CheckLogging();
        CheckTelemetry(config.Telemetry);
        new ManagementChecks(config, problems).Check();
        CheckProviders();
        CheckStorage();
        CheckEgress(config.Proxy.Egress);
    }

    private void CheckLogging()
    {
        var logging = config.Logging;
        if (!logging.IsFaulty && logging.LogToFile && string.IsNullOrEmpty(logging.LogFilePath))
        {
            problems.Error(logging.LocationOf("log_to_file"), "'log_to_file' needs 'log_file_path'");
        }
    }

    private void CheckTelemetry(TelemetrySection telemetry)
    {
        CheckUrl(telemetry.OtlpEndpoint, telemetry.LocationOf("otlp_endpoint"), "otlp_endpoint");
        foreach (var (name, value) in telemetry.Headers)
        {
            if (HeaderField.IsName(name) && !value.AsSpan().ContainsAny('\r', '\n', '\0')) continue;
            problems.Error(telemetry.LocationOf("headers"), $"'headers' of [telemetry] must contain names and values of HTTP headers; '{name}' is not a "
                + "header name");
        }

        if (telemetry.OtlpEndpoint is null && telemetry.Gives("headers"))
        {
            problems.Warning(telemetry.LocationOf("headers"), "'headers' of [telemetry] have no effect without 'otlp_endpoint'");
        }
    }

    private void CheckProviders()
    {
        foreach (var provider in config.Providers) CheckUrl(provider.Section.Api, provider.Section.LocationOf("api"), "api");
        if (config.Main.Runbeam is { } legacy)
        {
            CheckUrl(legacy.CloudApiBaseUrl, legacy.LocationOf("cloud_api_base_url"), "cloud_api_base_url");
        }

        CheckPrimary(config.Proxy);
    }

    private void CheckPrimary(ProxySection proxy)
    {
        var primary = config.Providers.Bare(proxy.PrimaryProvider);
        if (primary == ResourceReference.Local) return;
        var provider = config.Providers.Find(primary, config.MainFile)?.Section;
        if (provider is null && primary != "runbeam")
        {
            problems.Error(proxy.LocationOf("primary_provider"),
                $"provider '{primary}' is not defined{NearestName.Suggestion(primary, config.Providers.Names.Append(ResourceReference.Local))}");
        }
    }

    private void CheckUrl(string? url, SourceLocation location, string key)
    {
        if (string.IsNullOrEmpty(url) || (Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https")) return;
        problems.Error(location, $"'{key}' must be a URL of http or https, not '{ShownOptions.Text(url)}'");
    }

    private void CheckStorage()
    {
        var storage = config.Storage;
        if (storage.IsFaulty) return;
        if (storage.Backend is "filesystem" or "memory") return;
        if (stores.FirstOrDefault(s => s.Backend == storage.Backend) is { } store) store.Check(storage, problems);
        else problems.Error(storage.LocationOf("backend"), $"this program has no storage '{storage.Backend}'; use 'filesystem' or 'memory'");
    }

    private void CheckEgress(EgressPolicySection egress)
    {
        for (var i = 0; i < egress.AllowedHosts.Count; i++)
        {
            var host = egress.AllowedHosts[i];
            if (Addresses.AreHosts(host)) continue;
            problems.Error(egress.LocationOf("allowed_hosts", i), $"'{host}' is not a host name such as audit.example.org, *.example.org or an IP address");
        }

        CheckRanges(egress, "allowed_addresses", egress.AllowedAddresses);
        CheckRanges(egress, "denied_addresses", egress.DeniedAddresses);
    }

    private void CheckRanges(EgressPolicySection egress, string key, IReadOnlyList<string> ranges)
    {
        for (var i = 0; i < ranges.Count; i++)
        {
            if (Addresses.TryParseRange(ranges[i], out var range))
            {
                if (Addresses.BitsBehindPrefix(ranges[i]))
                    problems.Warning(egress.LocationOf(key, i), $"'{ranges[i]}' means {range}; write that, or leave out the length for a single address");
                continue;
            }

            problems.Error(egress.LocationOf(key, i), $"'{ranges[i]}' is not an IP address or CIDR range such as 10.0.0.0/8");
        }
    }
}

/// <summary>Looks at <c>[services.*]</c> and <c>[middleware_types.*]</c>: registering what is built in is fine and not needed.</summary>
internal sealed class RegistrationChecks(ModuleRegistry registry, ConfigProblems problems)
{
    public void Check(ConfigSet config)
    {
        foreach (var service in config.Services) Check(service, "service", registry.ServiceNames);
        foreach (var type in config.MiddlewareTypes) Check(type, "middleware type", registry.MiddlewareNames);
    }

    private void Check(Definition<RegistrationSection> registration, string kind, IEnumerable<string> known)
    {
        var section = registration.Section;
        if (section.Module.Length > 0) return; // a plug-in, which has been looked at when it was loaded
        if (!known.Contains(registration.Name))
        {
            problems.Error(section.Location,
                $"{kind} '{registration.Name}' is registered, but nothing of that name is built in{NearestName.Suggestion(registration.Name, known)}");
        }
    }
}

/// <summary>Checks <c>[peers.*]</c> and <c>[targets.*]</c>, those too that nothing refers to.</summary>
internal sealed class SystemChecks(BuildEnvironment environment, References references, ConfigProblems problems)
{
    public void Check()
    {
        foreach (var peer in environment.Config.Peers) Check(peer, "peer");
        foreach (var target in environment.Config.Targets) Check(target, "target");
    }

    private void Check(Definition<RemoteSystemSection> definition, string kind)
    {
        var section = definition.Section;
        // What is switched off may be unfinished.
        if (section.IsFaulty || !section.Enabled) return;
        references.TryAuthentication(section.Authentication, definition.File, section.LocationOf("authentication"), out _);
        if (section.Url is not null && section.Connection?.Host is not null)
        {
            problems.Error(section.LocationOf("url"), $"{kind} '{definition.Name}' gives both 'url' and 'connection.host'; keep one");
        }

        CheckFile(section.Connection, section.Connection?.CaCertPath, "ca_cert_path");
        CheckFile(section.Connection, section.Connection?.ClientCertPath, "client_cert_path");
        CheckFile(section.Connection, section.Connection?.ClientKeyPath, "client_key_path");
    }

    private void CheckFile(ConnectionSection? connection, string? path, string key)
    {
        if (path is not null && !File.Exists(environment.PathOf(path))) problems.Error(connection!.LocationOf(key), $"cannot read '{path}': no such file");
    }
}
