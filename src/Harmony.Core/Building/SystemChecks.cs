using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Core.Building;

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
