using System.Collections;
using Harmony.Core.Building;
using Harmony.Core.Configuration;

namespace Harmony.Http.Tls;

/// <summary>The PEM files of a certificate with its chain, and of its key, absolute.</summary>
public sealed record CertificateFiles(string CertPath, string KeyPath);

/// <summary>Certificates of a listener, the default first. Equal when they are the same files in the same order.</summary>
public sealed class CertificateFileList(IReadOnlyList<CertificateFiles> files) : IReadOnlyList<CertificateFiles>, IEquatable<CertificateFileList>
{
    /// <inheritdoc/>
    public int Count => files.Count;

    /// <inheritdoc/>
    public CertificateFiles this[int index] => files[index];

    /// <inheritdoc/>
    public bool Equals(CertificateFileList? other) => other is not null && this.SequenceEqual(other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CertificateFileList);

    /// <inheritdoc/>
    public override int GetHashCode() => files.Aggregate(files.Count, HashCode.Combine);

    /// <inheritdoc/>
    public IEnumerator<CertificateFiles> GetEnumerator() => files.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

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

    /// <summary>The CA certificates that verify clients.</summary>
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

/// <summary>The stamps of a listener's files at one moment, which cost a stat each.</summary>
internal readonly struct TlsFileStamps : IEquatable<TlsFileStamps>
{
    private readonly FileStamp[] _files;

    private TlsFileStamps(FileStamp[] files) => _files = files;

    public static TlsFileStamps Of(TlsSettings settings) => new([.. settings.Files.Select(FileStamp.OfFile)]);

    public bool Equals(TlsFileStamps other) => _files.AsSpan().SequenceEqual(other._files);

    public override bool Equals(object? obj) => obj is TlsFileStamps other && Equals(other);

    public override int GetHashCode() => _files.Length == 0 ? 0 : _files[0].GetHashCode();
}
