namespace Harmony.Access.Middleware.Policies.Geo;

/// <summary>What a MaxMind DB file says about itself at its end.</summary>
/// <param name="Start">Where it begins: the end of the data.</param>
/// <param name="NodeCount">Nodes of the tree.</param>
/// <param name="NodeBytes">Bytes of a node: 6, 7 or 8.</param>
/// <param name="IpVersion">4 or 6.</param>
internal sealed record MmdbMetadata(int Start, uint NodeCount, uint NodeBytes, uint IpVersion)
{
    private const int MaxLength = 128 * 1024;

    private static ReadOnlySpan<byte> Marker =>
        [0xab, 0xcd, 0xef, (byte)'M', (byte)'a', (byte)'x', (byte)'M', (byte)'i', (byte)'n', (byte)'d', (byte)'.', (byte)'c', (byte)'o', (byte)'m'];

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidDataException">There is none, or the file is not of a kind that can be read.</exception>
    public static MmdbMetadata Read(byte[] file)
    {
        var searched = Math.Max(0, file.Length - MaxLength);
        var at = file.AsSpan(searched).LastIndexOf(Marker);
        if (at < 0) throw new InvalidDataException("it is no MaxMind DB file");
        var start = searched + at;
        var data = new MmdbData(file, start + Marker.Length, file.Length);
        var major = data.NumberAt(0, "binary_format_major_version"u8);
        if (major != 2) throw new InvalidDataException($"it has version {major} of the format, not 2");
        var recordSize = data.NumberAt(0, "record_size"u8);
        var version = data.NumberAt(0, "ip_version"u8);
        if (recordSize is not (24 or 28 or 32) || version is not (4 or 6)) throw new InvalidDataException("its metadata make no sense");
        return new MmdbMetadata(start, data.NumberAt(0, "node_count"u8), recordSize * 2 / 8, version);
    }
}
