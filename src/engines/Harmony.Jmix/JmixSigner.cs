using System.Text.Json.Nodes;
using Harmony.Jmix.Model;
using Harmony.Jmix.Packaging;
using Harmony.Jmix.Reading;
using Harmony.Jmix.Security;

namespace Harmony.Jmix;

/// <summary>Signs the manifest of an existing package. The package is written anew, so that the manifest can name its signature.</summary>
public static class JmixSigner
{
    /// <summary>Copies a package and signs its manifest.</summary>
    /// <param name="package">The package.</param>
    /// <param name="sink">Where the signed package goes. Completed, and not disposed.</param>
    /// <param name="key">The key that signs.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="JmixException">The package has no manifest, or the manifest cannot be read.</exception>
    public static async Task SignAsync(PackageFiles package, PackageSink sink, SigningKeyPair key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(sink);
        ArgumentNullException.ThrowIfNull(key);
        var bytes = await package.ReadAsync("manifest.json", cancellation) ?? throw new JmixException(JmixFault.Incomplete, "the package has no manifest.json");
        if (JmixJson.Parse(bytes, "manifest.json") is not JsonObject manifest)
            throw new JmixException(JmixFault.Malformed, "manifest.json: an object is expected");
        foreach (var (name, length) in package.Lengths.Where(f => f.Key is not ("manifest.json" or ManifestSignature.FileName)))
        {
            await using var content = package.Open(name);
            await using var copy = await sink.AddAsync(name, length, cancellation);
            await content.CopyToAsync(copy, cancellation);
        }

        if (manifest["security"] is not JsonObject security) manifest["security"] = security = [];
        security["jws"] = new JsonObject { ["jws_file"] = ManifestSignature.FileName };
        var text = JmixJson.Bytes(manifest);
        await sink.AddAsync(ManifestSignature.FileName, ManifestSignature.Sign(text, key), cancellation);
        await sink.AddAsync("manifest.json", text, cancellation);
        await sink.CompleteAsync(cancellation);
    }
}
