using Harmony.Access;
using Harmony.Core.Modules;
using Harmony.Data;
using Harmony.Fhir;
using Harmony.Http;
using Harmony.Http.Quic;
using Harmony.Imaging;
using Harmony.Mesh;
using Harmony.Mesh.Cloud;
using Harmony.Packages;

namespace Harmony.Packs;

/// <summary>Everything a configuration can name without a plug-in: the packs, one on each line. A pack lists its modules.</summary>
/// <param name="clock">Tells the time.</param>
/// <param name="quic">Whether QUIC can be spoken.</param>
public sealed class StandardPacks(TimeProvider clock, QuicSupport quic) : IModulePack
{
    /// <summary>The packs as this machine can run them.</summary>
    /// <param name="clock">Tells the time.</param>
    public StandardPacks(TimeProvider clock)
        : this(clock, QuicSupport.OfThisMachine)
    {
    }

    /// <inheritdoc/>
    public void AddTo(ModuleRegistryBuilder modules)
    {
        foreach (var pack in All) pack.AddTo(modules);
    }

    private IEnumerable<IModulePack> All =>
    [
        new HttpPack(clock, quic),
        new AccessPack(),
        new DataPack(),
        new ImagingPack(clock),
        new PackagesPack(),
        new FhirPack(),
        new MeshPack(new CloudProviderSource(Environment.GetEnvironmentVariable)),
    ];
}
