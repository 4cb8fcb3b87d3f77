using Harmony.Core.Configuration;

namespace Harmony.Core.Building;

/// <summary>Checks <c>[management]</c>: above all that no client from outside reaches the API without authentication.</summary>
internal sealed class ManagementChecks(ConfigSet config, ConfigProblems problems)
{
    private readonly ManagementSection _management = config.Management;

    public void Check()
    {
        if (!_management.Enabled || _management.IsFaulty) return;
        if (_management.Token is { Length: < ManagementSection.MinTokenLength })
        {
            problems.Error(_management.LocationOf("token"), $"'token' of [management] must have at least {ManagementSection.MinTokenLength} characters");
        }

        CheckStorage();
        if (Network() is { } network) CheckReach(network.Name, network.Section);
    }

    /// <summary>
    /// A proxy of this machine forwards to the listener of a pipeline. All clients of the proxy then seem to be on this machine.
    /// </summary>
    private void CheckCompany(string name)
    {
        if (config.Pipelines.FirstOrDefault(p => p.File != ManagementTables.File
            && (p.Section.Network == name || p.Section.Networks?.Contains(name) == true)) is not { } other) return;
        problems.Warning(_management.LocationOf("network"),
            $"the management API shares network '{name}' with pipeline '{other.Name}': a proxy of this machine that forwards to the pipeline forwards to the "
                + $"API as well; "
            + "leave 'network' of [management] out, or name a network of its own");
    }

    private Definition<NetworkSection>? Network() => _management.Network is { } name
        ? config.Networks.Resolve(name, config.MainFile, _management.LocationOf("network"), problems)
        : config.Networks.Find(ManagementTables.Name, config.MainFile);

    private void CheckStorage()
    {
        if (_management.Token is not null || _management.AdminCertificates.Count > 0 || config.Storage.Backend != "memory") return;
        problems.Warning(_management.LocationOf("enabled"),
            $"storage '{config.Storage.Backend}' cannot keep a token for the management API; give [management] a 'token', or nothing can be changed by it");
    }

    private void CheckReach(string name, NetworkSection network)
    {
        var asksCertificates = network.TcpConfig is { HasTls: true, ClientCaPath: not null, ClientAuth: not "none" };
        if (_management.AdminCertificates.Count > 0 && !asksCertificates)
        {
            problems.Error(_management.LocationOf("admin_certificates"),
                $"'admin_certificates' of [management] needs a 'client_ca_path' in [network.{name}.tcp_config], the CA certificates that verify them");
        }

        if (Addresses.IsLoopback(network))
        {
            CheckCompany(name);
            return;
        }

        if (_management.Token is null && _management.AdminCertificates.Count == 0)
        {
            problems.Error(_management.LocationOf("network"),
                $"network '{name}' can be reached from other machines, so the management API needs authentication there: give [management] a 'token' or "
                    + $"'admin_certificates', or bind the network to 127.0.0.1");
        }
        else if (network.TcpConfig is { HasTls: false })
        {
            problems.Warning(_management.LocationOf("network"),
                $"network '{name}' has no TLS, so whoever listens on the way to the management API learns its token");
        }
    }
}
