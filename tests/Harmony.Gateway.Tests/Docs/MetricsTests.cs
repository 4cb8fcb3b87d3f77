using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Harmony.Access;
using Harmony.Core.Diagnostics;
using Harmony.Data;
using Harmony.Gateway.Hosting;
using Harmony.Http;
using Harmony.Imaging;
using Harmony.Mesh;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Docs;

/// <summary>docs/observability.md lists every instrument of the meter <c>Harmony</c>, once, and nothing else.</summary>
public sealed partial class MetricsTests
{
    [Fact]
    public void Page_ListsEveryInstrument()
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == HarmonyMetrics.MeterName && instrument.Name.StartsWith("harmony.", StringComparison.Ordinal))
                    known.Add(instrument.Name);
            },
        };
        listener.Start();
        var owners = new[] { typeof(HarmonyMetrics), typeof(AccessPack), typeof(DataPack), typeof(HttpPack), typeof(ImagingPack), typeof(MeshPack),
            typeof(GatewayHost) }.SelectMany(t => t.Assembly.GetTypes())
            .Where(t => t.Name.EndsWith("Metrics", StringComparison.Ordinal) || t.Name is "AccessLog" or nameof(CertificateWatch) or "CollectorWatch");
        foreach (var owner in owners) RuntimeHelpers.RunClassConstructor(owner.TypeHandle);

        var rows = Row().Matches(Section()).Select(m => m.Groups["name"].Value).ToList();
        Assert.Equal(known.Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    private static string Section() => File.ReadAllText(RepositoryFolder.PathOf("docs", "observability.md")).Split("\n## Metrics\n")[1].Split("\n## ")[0];

    [GeneratedRegex(@"^\| `(?<name>harmony\.[a-z_.]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
