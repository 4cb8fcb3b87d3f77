using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;

namespace Harmony.Core.Building;

/// <summary>
/// Finds listeners of different protocols, and of backends, that would be in each other's way; networks among themselves have been checked before.
/// </summary>
internal sealed class ListenerChecks(ConfigProblems problems)
{
    /// <param name="snapshot">What would serve.</param>
    /// <param name="backends">Its backends.</param>
    public void Check(GatewaySnapshot snapshot, IEnumerable<IBackend> backends)
    {
        foreach (var adapter in snapshot.Modules.Adapters) adapter.Check(snapshot, problems);
        var all = snapshot.Modules.Adapters.SelectMany(a => a.BindingsOf(snapshot)).Where(b => !b.IsUdp).ToList();
        for (var i = 1; i < all.Count; i++)
        {
            if (all.Take(i).FirstOrDefault(b => b.Protocol != all[i].Protocol && AreInTheWay(b, all[i])) is not { } taken) continue;
            problems.Error(all[i].Origin.Location,
                $"{all[i].Owner} cannot bind {Shown(all[i].Address, all[i].Port)}, because {taken.Owner} binds {Shown(taken.Address, taken.Port)}");
        }

        CheckBackends([.. backends.SelectMany(b => b.Listeners)], all);
    }

    private void CheckBackends(List<BackendListener> listeners, List<ListenerBinding> bindings)
    {
        for (var i = 0; i < listeners.Count; i++)
        {
            var listener = listeners[i];
            if (bindings.Find(b => b.Port == listener.Port && Addresses.Overlap(b.Address, listener.Address)) is { } binding)
                Report(listener, binding.Owner, binding.Address);
            else if (listeners.Take(i).FirstOrDefault(l => Clash(l, listener)) is { } other) Report(listener, other.Owner, other.Address);
        }

        static bool Clash(BackendListener left, BackendListener right)
            => left.Port == right.Port && Addresses.Overlap(left.Address, right.Address) && !Equals(left.SharedAs, right.SharedAs);
    }

    private void Report(BackendListener listener, string owner, string address)
    {
        var message = $"{listener.Owner} cannot listen on {Shown(listener.Address, listener.Port)}, because {owner} binds {Shown(address, listener.Port)}";
        if (listener.IsDefault) problems.Warning(listener.Location, $"{message}; the objects of its C-MOVE cannot be received");
        else problems.Error(listener.Location, message);
    }

    private static bool AreInTheWay(ListenerBinding left, ListenerBinding right) => left.Port == right.Port && Addresses.Overlap(left.Address, right.Address);

    private static string Shown(string address, int port) => address.Contains(':') && !address.StartsWith('[') ? $"[{address}]:{port}" : $"{address}:{port}";
}

/// <summary>Checks what a network says about TLS.</summary>
internal sealed class TlsChecks(BuildEnvironment environment, ConfigProblems problems)
{
    /// <summary>
    /// Whether files were found that TLS cannot work with: a certificate that has expired, a key that cannot be read. The network stays closed then, and the
    /// others serve.
    /// </summary>
    public bool AreFilesUnusable { get; private set; }

    /// <summary>Checks a TCP listener in which nothing else was found wrong.</summary>
    public void Check(string network, TcpConfigSection tcp)
    {
        if ((tcp.CertPath is null) != (tcp.KeyPath is null))
        {
            var (given, missing) = tcp.CertPath is null ? ("key_path", "cert_path") : ("cert_path", "key_path");
            problems.Error(tcp.LocationOf(given), $"network '{network}' gives '{given}' without '{missing}'; TLS needs both");
            return;
        }

        CheckClients(network, tcp);
        if (!tcp.HasTls) return;
        if (tcp.ForceHttps) problems.Warning(tcp.LocationOf("force_https"), $"network '{network}' has TLS, so 'force_https' has no effect");
        if (tcp.H2c) problems.Warning(tcp.LocationOf("h2c"), $"network '{network}' has TLS, so 'h2c' has no effect; HTTP/2 is negotiated");
        var checks = new CertificateChecks(environment, problems, (location, reason) =>
        {
            problems.Gap(location, $"{reason}; network '{network}' stays closed");
            AreFilesUnusable = true;
        });
        if (tcp.CertPath is not null) checks.Check(tcp, tcp.CertPath, tcp.KeyPath!);
        var hasDefault = tcp.CertPath is not null;
        foreach (var certificate in tcp.Certificates)
        {
            if (!certificate.IsFaulty) checks.Check(certificate, certificate.CertPath, certificate.KeyPath, isChosenByName: hasDefault);
            hasDefault = true;
        }

        if (tcp.ClientCaPath is not null) checks.CheckAuthorities(tcp.ClientCaPath, tcp.LocationOf("client_ca_path"));
    }

    /// <summary>Checks a QUIC listener. What is wrong with its files shows at start: this machine may not speak QUIC anyway.</summary>
    public void Check(Http3Section http3) => new CertificateChecks(environment, problems, problems.Obstacle).Check(http3, http3.CertPath, http3.KeyPath);

    private void CheckClients(string network, TcpConfigSection tcp)
    {
        var asksClients = tcp.ClientAuth is "request" or "require";
        var key = tcp.ClientCaPath is not null ? "client_ca_path" : "client_auth";
        if (!tcp.HasTls && (asksClients || tcp.ClientCaPath is not null))
        {
            problems.Error(tcp.LocationOf(key), $"network '{network}' gives '{key}' without 'cert_path' and 'key_path'; clients show certificates in TLS only");
        }
        else if (asksClients && tcp.ClientCaPath is null)
        {
            problems.Error(tcp.LocationOf("client_auth"),
                $"'client_auth' of network '{network}' needs 'client_ca_path', the CA certificates that verify clients");
        }
        else if (tcp is { ClientAuth: "none", ClientCaPath: not null })
        {
            problems.Warning(tcp.LocationOf("client_ca_path"), $"network '{network}' has client_auth = \"none\", so 'client_ca_path' has no effect");
        }
    }
}
