using System.Net;
using System.Net.Security;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Http.Services.Http.Targets;
using Harmony.Http.Tls;
using Harmony.Imaging.Dicom;

namespace Harmony.Imaging.Services.DicomScu;

/// <summary>
/// Finds out which systems a backend asks: options over the backend's connection over the target. What is wrong goes to the context's problems.
/// </summary>
internal sealed class DicomNodeBuilder(DicomScuOptions options, BackendContext context)
{
    private const int DefaultTimeoutSecs = 30;

    /// <summary>The systems, in the order of the configuration; null where something is wrong.</summary>
    public IReadOnlyList<BuiltNode>? Build()
    {
        var problems = context.Problems;
        var local = ConfiguredAeTitle.Check(options.LocalAet, "local_aet", options.LocationOf("local_aet"), problems);
        var remote = options.Aet is null ? null : ConfiguredAeTitle.Check(options.Aet, "aet", options.LocationOf("aet"), problems);
        var isSound = local is not null && (options.Aet is null || remote is not null) && IsOneAddressEnough();
        if (options.IncomingStoreAddress != "localhost" && !IPAddress.TryParse(options.IncomingStoreAddress, out _))
        {
            isSound = false;
            problems.Error(options.LocationOf("incoming_store_address"),
                $"'incoming_store_address' must be an IP address or localhost, not '{options.IncomingStoreAddress}'");
        }

        var built = context.Targets.Select(t => Build(t, remote, local)).OfType<BuiltNode>().ToList();
        return isSound && built.Count == context.Targets.Count ? built : null;
    }

    private bool IsOneAddressEnough()
    {
        var key = options.Host is not null ? "host" : options.Port is not null ? "port" : null;
        if (key is null || context.Targets.Count == 1) return true;
        context.Problems.Error(options.LocationOf(key), $"backend '{context.Name}' has several 'targets', which replace '{key}'; keep one of them");
        return false;
    }

    private BuiltNode? Build(TargetSettings target, string? backendTitle, string? local)
    {
        var remote = TitleOf(target, backendTitle);
        var (host, port) = (HostOf(target), PortOf(target));
        if (!TryTls(target, host ?? "", out var tls) || remote is null || local is null || host is null || port is null) return null;
        var node = new DicomNode(target.Name, remote, host, port.Value, local, tls is null ? null : FingerprintOf(tls))
        {
            MaxPdu = options.MaxPdu,
            ConnectTimeout = TimeSpan.FromSeconds(options.ConnectTimeoutSecs),
            Artim = TimeSpan.FromSeconds(options.ArtimSecs),
            Timeout = TimeSpan.FromSeconds(options.TimeoutSecs ?? target.TimeoutSecs ?? DefaultTimeoutSecs),
            MaxAssociations = options.MaxAssociations,
            Idle = TimeSpan.FromSeconds(options.AssociationIdleSecs),
        };
        return new BuiltNode(node, tls, target.Weight);
    }

    /// <summary>A title belongs to one system, so a target's own goes over that of the backend.</summary>
    private string? TitleOf(TargetSettings target, string? backendTitle)
    {
        if (target.AeTitle is { } own) return ConfiguredAeTitle.Check(own, "ae_title", target.AeTitleLocation, context.Problems);
        if (options.Aet is null)
        {
            context.Problems.Error(context.Location, target.Name == context.Name
                ? $"backend '{context.Name}' does not say which AE title it asks; give options.aet"
                : $"backend '{context.Name}' does not say which AE title target '{target.Name}' has; give the target an 'ae_title', or options.aet for all "
                    + "that have none");
        }

        return backendTitle;
    }

    private string? HostOf(TargetSettings target)
    {
        var connection = target.Connection;
        if (options.Host is null && connection?.Protocol is { } protocol and not ("dicom" or "custom"))
        {
            context.Problems.Error(connection.LocationOf("protocol"), $"backend '{context.Name}' speaks DICOM; its target is of protocol '{protocol}'");
            return null;
        }

        if ((options.Host ?? connection?.Host) is not { } host)
        {
            context.Problems.Error(
                context.Location, $"backend '{context.Name}' does not say where to send; give it 'target_ref', a 'connection' with a host, or options.host");
            return null;
        }

        var bare = host is ['[', .. var inner, ']'] ? inner : host;
        if (Uri.CheckHostName(bare) != UriHostNameType.Unknown) return bare;
        var location = options.Host is not null ? options.LocationOf("host") : connection!.LocationOf("host");
        context.Problems.Error(location, $"'{host}' is not a host name or an IP address");
        return null;
    }

    private int? PortOf(TargetSettings target)
    {
        if ((options.Port ?? target.Connection?.Port) is { } port) return port;
        if ((options.Host ?? target.Connection?.Host) is not null)
        {
            context.Problems.Error(context.Location, $"backend '{context.Name}' does not say which port; give options.port, or 'port' of its connection");
        }

        return null;
    }

    private bool TryTls(TargetSettings target, string host, out SslClientAuthenticationOptions? tls)
    {
        var usesTls = options.UseTls ?? options.Tls is not null;
        var made = new SslClientAuthenticationOptions { TargetHost = options.Tls?.ServerName ?? host };
        var paths = new ClientTlsPaths(options.Tls is null
            ? options
            : options.Tls, options.Tls?.CaCertPath, options.Tls?.ClientCertPath, options.Tls?.ClientKeyPath);
        var errorsBefore = Errors();
        new ClientTlsFiles(paths, context, ClientTlsWords.Dicom).AddTo(made, target, usesTls);
        tls = usesTls ? made : null;
        return Errors() == errorsBefore;
    }

    private static string FingerprintOf(SslClientAuthenticationOptions tls) => $"{TargetPoolSettings.FingerprintOf(tls)} {tls.TargetHost}";

    private int Errors() => context.Problems.Count(p => p.Severity == ConfigSeverity.Error);
}
