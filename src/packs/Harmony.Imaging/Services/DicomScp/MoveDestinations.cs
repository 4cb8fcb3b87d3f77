using System.Collections.Frozen;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Dicom.Network.Scu;
using Harmony.Imaging.Dicom;

namespace Harmony.Imaging.Services.DicomScp;

/// <summary>
/// Where C-MOVE may send objects to, by AE title: what the endpoint's <c>aet_table</c> names, then <c>[dicom.destinations]</c>, then <c>[peers]</c> of
/// protocol <c>dicom</c>.
/// </summary>
internal sealed class MoveDestinations
{
    private readonly FrozenDictionary<string, DicomPeer> _byAeTitle;

    private MoveDestinations(Dictionary<string, DicomPeer> byAeTitle) => _byAeTitle = byAeTitle.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The system of that title; null where there is none.</summary>
    public DicomPeer? Find(string aeTitle) => _byAeTitle.GetValueOrDefault(aeTitle);

    /// <summary>Gathers them.</summary>
    /// <param name="table">The endpoint's own.</param>
    /// <param name="callingAeTitle">The gateway's AE title.</param>
    /// <param name="context">The endpoint's.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static MoveDestinations Of(
        IReadOnlyDictionary<string, DicomDestinationSection> table, string callingAeTitle, EndpointContext context, ConfigProblems problems)
    {
        var found = new Dictionary<string, DicomPeer>(StringComparer.Ordinal);
        foreach (var (name, section) in table.Concat(context.Config.Dicom.Destinations).Where(d => !d.Value.IsFaulty))
        {
            if (ConfiguredAeTitle.Check(section.AeTitle ?? name, "ae_title", section.LocationOf("ae_title"), problems) is not { } title) continue;
            var tls = DestinationTls.Of(section, context, problems);
            found.TryAdd(title, new DicomPeer(section.Host, section.Port, title, callingAeTitle) { Tls = tls });
        }

        foreach (var peer in context.Config.Peers.Where(p => p.Section is { IsFaulty: false, Enabled: true, Connection: { IsFaulty: false, Host: not null } }))
            AddPeer(found, peer, callingAeTitle);
        return new MoveDestinations(found);
    }

    /// <summary>
    /// A peer says where it sends from as well as where it listens, so one without an AE title may be called by its name, if that can be one.
    /// </summary>
    private static void AddPeer(Dictionary<string, DicomPeer> found, Definition<RemoteSystemSection> peer, string callingAeTitle)
    {
        var connection = peer.Section.Connection!;
        if ((connection.Protocol ?? peer.Section.Protocol) != "dicom" || connection.Port is not { } port) return;
        var title = peer.Section.AeTitle ?? peer.Name;
        if (title.Length is 0 or > 16) return;
        found.TryAdd(title, new DicomPeer(connection.Host!, port, title, callingAeTitle));
    }
}
