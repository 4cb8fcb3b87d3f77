using Harmony.Core.Configuration;

namespace Harmony.Http.Tls;

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
