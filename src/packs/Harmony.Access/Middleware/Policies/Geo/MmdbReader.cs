using System.Net;
using System.Net.Sockets;

namespace Harmony.Access.Middleware.Policies.Geo;

/// <summary>
/// Looks addresses up in a MaxMind DB file (specification version 2.0): a binary tree over the bits of addresses whose leaves point into
/// a section of data. Reads countries only; every offset is checked before it is followed.
/// </summary>
internal sealed class MmdbReader
{
    private const int Separator = 16;

    private readonly byte[] _file;
    private readonly MmdbMetadata _metadata;
    private readonly MmdbData _data;
    private readonly uint _firstIPv4;

    private MmdbReader(byte[] file, MmdbMetadata metadata)
    {
        _file = file;
        _metadata = metadata;
        var dataStart = ((long)metadata.NodeCount * metadata.NodeBytes) + Separator;
        if (dataStart > metadata.Start) throw new InvalidDataException("its tree is larger than the file");
        _data = new MmdbData(file, (int)dataStart, metadata.Start);
        // In a tree of IPv6 the addresses of IPv4 are those that begin with 96 zeros.
        for (var bit = 0; metadata.IpVersion == 6 && bit < 96 && _firstIPv4 < metadata.NodeCount; bit++) _firstIPv4 = Child(_firstIPv4, false);
    }

    /// <summary>Opens a database.</summary>
    /// <exception cref="InvalidDataException">It is none, or damaged; the message says where.</exception>
    public static MmdbReader Open(byte[] file) => new(file, MmdbMetadata.Read(file));

    /// <summary>The country of an address; the default where the database does not know it.</summary>
    public CountryCode CountryOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        var isIPv4 = address.AddressFamily == AddressFamily.InterNetwork;
        if (!isIPv4 && _metadata.IpVersion == 4) return default;
        var node = Find(bytes[..length], isIPv4 ? _firstIPv4 : 0);
        // The node count itself means: not found.
        if (node <= _metadata.NodeCount) return default;
        try
        {
            return _data.CountryAt(node - _metadata.NodeCount - Separator);
        }
        catch (InvalidDataException)
        {
            return default; // a damaged record is one that says nothing
        }
    }

    private uint Find(ReadOnlySpan<byte> address, uint node)
    {
        for (var bit = 0; bit < address.Length * 8 && node < _metadata.NodeCount; bit++)
        {
            node = Child(node, (address[bit / 8] & (0x80 >> (bit % 8))) != 0);
        }

        return node;
    }

    /// <summary>One of the two records of a node; they have 24, 28 or 32 bits.</summary>
    private uint Child(uint node, bool right)
    {
        var bytes = _file.AsSpan((int)(node * _metadata.NodeBytes), (int)_metadata.NodeBytes);
        return _metadata.NodeBytes switch
        {
            6 => right ? UInt24(bytes[3..]) : UInt24(bytes),
            7 => right ? ((uint)(bytes[3] & 0x0f) << 24) | UInt24(bytes[4..]) : ((uint)(bytes[3] & 0xf0) << 20) | UInt24(bytes),
            _ => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(right ? bytes[4..] : bytes),
        };
    }

    private static uint UInt24(ReadOnlySpan<byte> bytes) => ((uint)bytes[0] << 16) | ((uint)bytes[1] << 8) | bytes[2];
}
