using System.Collections;

namespace Harmony.Http.Tls;

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
