using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Harmony.Jmix.Security;

/// <summary>The content that <c>security.payload_hash</c> covers.</summary>
public enum PayloadHashForm
{
    /// <summary>The listing of the specification (§3.2): one line for each folder and file of the payload, with sizes and hashes.</summary>
    Listing,

    /// <summary>Paths and contents one after the other, as jmix-rs and jmix-js take them.</summary>
    Contents,

    /// <summary>The encrypted file.</summary>
    Ciphertext,

    /// <summary>The archive before its encryption, as jmix-rs takes it.</summary>
    PlainArchive,
}

/// <summary>A file of a payload, as the payload hash covers it.</summary>
/// <param name="Path">Relative to <c>payload/</c>.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">The hash of its content, 64 hexadecimal digits in lower case.</param>
public sealed record PayloadFile(string Path, long Length, string Sha256);

/// <summary>Computes payload hashes.</summary>
public static class PayloadHash
{
    /// <summary>The hash of the listing (specification §3.2), with <c>sha256:</c> in front.</summary>
    /// <param name="files">All files of the payload.</param>
    /// <param name="folders">Empty folders; folders of the files need not be named.</param>
    public static string OfListing(IEnumerable<PayloadFile> files, IEnumerable<string>? folders = null)
    {
        var lines = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var folder in folders ?? []) AddFolders(lines, folder + "/");
        foreach (var file in files)
        {
            AddFolders(lines, file.Path);
            lines[file.Path] = string.Create(CultureInfo.InvariantCulture, $"file:{file.Path}:{file.Length}:{file.Sha256}");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var line in lines.Values) hash.AppendData(Encoding.UTF8.GetBytes(line + "\n"));
        return Text(hash.GetHashAndReset());
    }

    /// <summary>The hash of paths and contents, with <c>sha256:</c> in front.</summary>
    /// <param name="paths">All files of the payload, relative to <c>payload/</c>.</param>
    /// <param name="open">Opens a file of the payload.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static async Task<string> OfContentsAsync(IEnumerable<string> paths, Func<string, Stream> open, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(open);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        foreach (var path in paths.Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(path + "\n"));
            await using var stream = open(path);
            int read;
            while ((read = await stream.ReadAsync(buffer, cancellation)) > 0) hash.AppendData(buffer, 0, read);
        }

        return Text(hash.GetHashAndReset());
    }

    /// <summary><c>sha256:</c> and the digits.</summary>
    public static string Text(ReadOnlySpan<byte> hash) => "sha256:" + Convert.ToHexStringLower(hash);

    private static void AddFolders(SortedDictionary<string, string> lines, string path)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.IndexOf('/', slash + 1))
            lines[path[..slash]] = "dir:" + path[..slash];
    }
}
