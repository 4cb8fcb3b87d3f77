namespace Harmony.Jmix;

/// <summary>
/// A dialect of JMIX: names, hashes and key derivation, which the specification leaves open or implementations do differently.
/// </summary>
/// <param name="Name">The name of the dialect in reports and options.</param>
/// <param name="CiphertextName">The file of an encrypted payload.</param>
/// <param name="HkdfInfo">The <c>info</c> of the key derivation (RFC 5869 §3.2); there is no salt.</param>
/// <param name="TarRoot">The prefix of names in the encrypted archive.</param>
/// <param name="HashesPlaintext">Whether the payload hash of an encrypted package is taken before the encryption.</param>
/// <param name="HashesContents">Whether the payload hash of a plain package covers paths and contents, and not the listing of §3.2.</param>
/// <param name="FileHashPrefix">The prefix of a hash in <c>files.json</c>.</param>
/// <param name="FolderSuffix">The suffix of the folder of a package.</param>
public sealed record JmixDialect(
    string Name, string CiphertextName, string HkdfInfo, string TarRoot, bool HashesPlaintext, bool HashesContents, string FileHashPrefix, string FolderSuffix)
{
    /// <summary>
    /// The specification. jmix-php reads these packages, but not encrypted ones: the specification names no key derivation.
    /// </summary>
    public static JmixDialect Specification { get; } = new("specification", "payload.encrypted", "JMIX-AES256-GCM", "", false, false, "", ".JMIX");

    /// <summary>The dialect that jmix-rs 0.3 reads and writes.</summary>
    public static JmixDialect JmixRs { get; } = new("jmix-rs", "payload.enc", "JMIX-AES256-GCM", "./", true, true, "sha256:", ".jmix");

    /// <summary>The dialect that jmix-php 0.4 reads and writes.</summary>
    public static JmixDialect JmixPhp { get; } = new("jmix-php", "payload.encrypted", "JMIX-payload-encryption", "", false, false, "sha256:", ".JMIX");

    /// <summary>The payload that jmix-js 0.2 reads and writes; its manifest does not follow the schema and is never written.</summary>
    public static JmixDialect JmixJs { get; } = new("jmix-js", "payload.encrypted", "JMIX-Payload-Encryption", "payload/", true, true, "sha256:", ".JMIX");

    /// <summary>All dialects, the specification first.</summary>
    public static IReadOnlyList<JmixDialect> All { get; } = [Specification, JmixRs, JmixPhp, JmixJs];

    /// <summary>The dialect of a name; null if there is none.</summary>
    public static JmixDialect? Find(string name) => All.FirstOrDefault(d => string.Equals(d.Name, name, StringComparison.OrdinalIgnoreCase));
}
