using Harmony.Core.Building;
using Harmony.Core.Configuration;

namespace Harmony.Http.Tls;

/// <summary>
/// What the files of a listener hold at one moment. Compared as text: time stamps say nothing when a folder of files is swapped by a
/// symbolic link, as Kubernetes does with mounted secrets.
/// </summary>
internal sealed class TlsFileContents : IEquatable<TlsFileContents>
{
    private readonly PemFile[] _files;

    private TlsFileContents(PemFile[] files, bool hasAuthorities)
    {
        _files = files;
        ClientAuthorities = hasAuthorities ? files[^1] : null;
    }

    /// <summary>Certificate and key of each pair, in the order of the settings.</summary>
    public IEnumerable<(PemFile Certificate, PemFile Key)> Pairs
    {
        get
        {
            for (var i = 0; i + 1 < _files.Length; i += 2) yield return (_files[i], _files[i + 1]);
        }
    }

    /// <summary>The authorities that vouch for clients.</summary>
    public PemFile? ClientAuthorities { get; }

    /// <summary>Whether each file ends where a certificate or key does (RFC 7468 §2), and not within one that is still being written.</summary>
    public bool AreWhole => Array.TrueForAll(_files, file => file.Text.AsSpan().Count("-----BEGIN ") == file.Text.AsSpan().Count("-----END "));

    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public static TlsFileContents Read(TlsSettings settings)
        => new([.. settings.Files.Select(p => new PemFile(p, BoundedFile.ReadText(p)))], settings.ClientCaPath is not null);

    public bool Equals(TlsFileContents? other) => other is not null && _files.AsSpan().SequenceEqual(other._files);

    public override bool Equals(object? obj) => Equals(obj as TlsFileContents);

    public override int GetHashCode() => _files.Length == 0 ? 0 : _files[0].GetHashCode();
}
