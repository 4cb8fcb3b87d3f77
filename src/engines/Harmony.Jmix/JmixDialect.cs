namespace Harmony.Jmix;

/// <summary>
/// The form in which a receiver expects what the specification leaves open or its implementations do differently: names, hashes, key derivation.
/// </summary>
/// <param name="Name">What reports call the form.</param>
/// <param name="CiphertextName">The file of an encrypted payload.</param>
/// <param name="HkdfInfo">The <c>info</c> of the key derivation (RFC 5869 §3.2); there is no salt.</param>
/// <param name="TarRoot">What stands in front of the names in the encrypted archive.</param>
/// <param name="HashesPlaintext">The payload hash of an encrypted package is taken before the encryption.</param>
/// <param name="HashesContents">The payload hash of a plain package is taken over paths and contents, not over the listing of §3.2.</param>
/// <param name="FileHashPrefix">What stands in front of a hash in <c>files.json</c>.</param>
/// <param name="FolderSuffix">How the folder of a package ends.</param>
public sealed record JmixDialect(
    string Name, string CiphertextName, string HkdfInfo, string TarRoot, bool HashesPlaintext, bool HashesContents, string FileHashPrefix, string FolderSuffix)
{
    /// <summary>
    /// What the specification says; its reader in PHP takes these packages but for the key derivation, which the specification does not name.
    /// </summary>
    public static JmixDialect Specification { get; } = new("specification", "payload.encrypted", "JMIX-AES256-GCM", "", false, false, "", ".JMIX");

    /// <summary>What jmix-rs 0.3 reads and writes.</summary>
    public static JmixDialect JmixRs { get; } = new("jmix-rs", "payload.enc", "JMIX-AES256-GCM", "./", true, true, "sha256:", ".jmix");

    /// <summary>What jmix-php 0.4 reads and writes.</summary>
    public static JmixDialect JmixPhp { get; } = new("jmix-php", "payload.encrypted", "JMIX-payload-encryption", "", false, false, "sha256:", ".JMIX");

    /// <summary>What jmix-js 0.2 reads and writes, as far as its payload goes; its manifest does not follow the schema and is never written.</summary>
    public static JmixDialect JmixJs { get; } = new("jmix-js", "payload.encrypted", "JMIX-Payload-Encryption", "payload/", true, true, "sha256:", ".JMIX");

    /// <summary>All of them, the specification first.</summary>
    public static IReadOnlyList<JmixDialect> All { get; } = [Specification, JmixRs, JmixPhp, JmixJs];

    /// <summary>The form of that name, or null.</summary>
    public static JmixDialect? Find(string name) => All.FirstOrDefault(d => string.Equals(d.Name, name, StringComparison.OrdinalIgnoreCase));
}
