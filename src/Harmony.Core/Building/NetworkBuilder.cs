using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Core.Building;

/// <summary>Makes the networks, their route tables still empty.</summary>
internal sealed class NetworkBuilder(BuildEnvironment environment, ConfigProblems problems)
{
    public IReadOnlyDictionary<string, NetworkDraft> Build()
    {
        var drafts = new Dictionary<string, NetworkDraft>(StringComparer.Ordinal);
        foreach (var definition in environment.Config.Networks.Unique(problems))
        {
            Check(definition.Name, definition.Section);
            drafts[definition.Name] = new NetworkDraft(definition, TrustedProxies(definition.Section), IsManagementOnly(definition.Name));
        }

        CheckPorts([.. drafts.Values.Where(d => d.Section is { IsFaulty: false, TcpConfig: not null })]);
        return drafts;
    }

    private bool IsManagementOnly(string name)
        => environment.Config.Management is { Enabled: true } management && (management.Network ?? "management") == name;

    private void Check(string name, NetworkSection network)
    {
        if (network.EnableWireguard)
        {
            problems.Warning(network.LocationOf("enable_wireguard"), $"network '{name}': WireGuard is not yet available; the network listens without it");
        }

        if (network.Http3 is { IsFaulty: false } http3)
        {
            problems.Warning(http3.Location, $"network '{name}': HTTP/3 is not yet available; nothing listens on UDP port {http3.BindPort}");
            CheckAddress(name, http3.BindAddress, http3.LocationOf("bind_address"));
            // Not errors, because nothing reads them yet.
            CheckExists(http3.CertPath, http3.LocationOf("cert_path"), "certificate");
            CheckExists(http3.KeyPath, http3.LocationOf("key_path"), "key");
        }

        if (!network.Gives("tcp_config") && !network.Gives("http3"))
        {
            problems.Warning(network.Location, $"network '{name}' has no [network.{name}.tcp_config]; nothing listens on it");
        }

        if (network.TcpConfig is { } tcp) CheckTcp(name, tcp);
    }

    private void CheckTcp(string name, TcpConfigSection tcp)
    {
        CheckAddress(name, tcp.BindAddress, tcp.LocationOf("bind_address"));
        if (tcp.IsFaulty) return;
        if ((tcp.CertPath is null) != (tcp.KeyPath is null))
        {
            var (given, missing) = tcp.CertPath is null ? ("key_path", "cert_path") : ("cert_path", "key_path");
            problems.Error(tcp.LocationOf(given), $"network '{name}' gives '{given}' without '{missing}'; TLS needs both");
            return;
        }

        if (tcp.CertPath is null) return;
        if (tcp.ForceHttps) problems.Warning(tcp.LocationOf("force_https"), $"network '{name}' has TLS, so 'force_https' has no effect");
        if (tcp.H2c) problems.Warning(tcp.LocationOf("h2c"), $"network '{name}' has TLS, so 'h2c' has no effect; HTTP/2 is negotiated");
        var readable = CheckFile(tcp.CertPath, tcp.LocationOf("cert_path"), "certificate") & CheckFile(tcp.KeyPath!, tcp.LocationOf("key_path"), "key");
        if (readable) new Certificates(environment, problems).Check(tcp);
    }

    private void CheckAddress(string name, string address, SourceLocation location)
    {
        if (address == "localhost" || Addresses.TryParse(address, out _)) return;
        problems.Error(location, $"'bind_address' of network '{name}' must be an IP address or localhost, not '{address}'");
    }

    private void CheckExists(string path, SourceLocation location, string what)
    {
        if (!File.Exists(environment.PathOf(path))) problems.Warning(location, $"cannot read the {what} '{path}': no such file");
    }

    private bool CheckFile(string path, SourceLocation location, string what)
    {
        try
        {
            using var stream = File.OpenRead(environment.PathOf(path));
            return true;
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            problems.Error(location, $"cannot read the {what} '{path}': {Readable.Reason(e)}");
            return false;
        }
    }

    private List<System.Net.IPNetwork> TrustedProxies(NetworkSection network)
    {
        var result = new List<System.Net.IPNetwork>();
        for (var i = 0; i < network.TrustedProxies.Count; i++)
        {
            if (Addresses.TryParseRange(network.TrustedProxies[i], out var range)) result.Add(range);
            else
            {
                problems.Error(network.LocationOf("trusted_proxies", i),
                    $"'{network.TrustedProxies[i]}' in 'trusted_proxies' is neither an IP address nor a CIDR range such as 10.0.0.0/8");
            }
        }

        return result;
    }

    private void CheckPorts(IReadOnlyList<NetworkDraft> drafts)
    {
        for (var i = 1; i < drafts.Count; i++)
        {
            var (draft, tcp) = (drafts[i], drafts[i].Section.TcpConfig!);
            var other = drafts.Take(i).FirstOrDefault(d => Overlap(d.Section.TcpConfig!, tcp));
            if (other?.Section.TcpConfig is not { } taken) continue;
            problems.Error(tcp.LocationOf("bind_port"), taken.BindAddress == tcp.BindAddress
                ? $"network '{draft.Name}' and network '{other.Name}' both bind {Bound(tcp)}"
                : $"network '{draft.Name}' cannot bind {Bound(tcp)}, because network '{other.Name}' binds {Bound(taken)}");
        }
    }

    private static bool Overlap(TcpConfigSection left, TcpConfigSection right)
        => left.BindPort == right.BindPort && Addresses.Overlap(left.BindAddress, right.BindAddress);

    private static string Bound(TcpConfigSection tcp)
        => tcp.BindAddress.Contains(':') && !tcp.BindAddress.StartsWith('[') ? $"[{tcp.BindAddress}]:{tcp.BindPort}" : $"{tcp.BindAddress}:{tcp.BindPort}";
}
