using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Core.Building;

/// <summary>Checks what a network says about TLS.</summary>
internal sealed class TlsChecks(BuildEnvironment environment, ConfigProblems problems)
{
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
        var checks = new CertificateChecks(environment, problems, problems.Error);
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
            problems.Error(tcp.LocationOf("client_auth"), $"'client_auth' of network '{network}' needs 'client_ca_path', the authorities that vouch for clients");
        }
        else if (tcp is { ClientAuth: "none", ClientCaPath: not null })
        {
            problems.Warning(tcp.LocationOf("client_ca_path"), $"network '{network}' has client_auth = \"none\", so 'client_ca_path' has no effect");
        }
    }
}
