using System.Buffers.Binary;

namespace Harmony.Dicom.Imaging.Rendering;

/// <summary>The values of samples: the bits that are stored, from the place where they are, with their sign (PS3.5 §8.1.1).</summary>
internal readonly struct SampleReader(PixelFormat format)
{
    private readonly int _low = format.HighBit + 1 - format.BitsStored;
    private readonly int _unused = 64 - format.BitsStored;

    /// <summary>Whether all values fit a table with an entry for each: samples of 8 or 16 bits.</summary>
    public bool HasTable => format is { Kind: SampleKind.Integer, BytesPerSample: <= 2 };

    /// <summary>The value of a sample's bits.</summary>
    public long Value(ulong bits)
    {
        var top = bits >> _low << _unused;
        return format.IsSigned ? (long)top >> _unused : (long)(top >> _unused);
    }

    /// <summary>The value of the sample at a place.</summary>
    public double Read(ReadOnlySpan<byte> samples, int index) => format.Kind switch
    {
        SampleKind.Float => BinaryPrimitives.ReadSingleLittleEndian(samples[(index * 4)..]),
        SampleKind.Double => BinaryPrimitives.ReadDoubleLittleEndian(samples[(index * 8)..]),
        _ => Value(Bits(samples, index)),
    };

    /// <summary>The bits of the sample at a place.</summary>
    public ulong Bits(ReadOnlySpan<byte> samples, int index) => format.BytesPerSample switch
    {
        1 => samples[index],
        2 => BinaryPrimitives.ReadUInt16LittleEndian(samples[(index * 2)..]),
        4 => BinaryPrimitives.ReadUInt32LittleEndian(samples[(index * 4)..]),
        _ => BinaryPrimitives.ReadUInt64LittleEndian(samples[(index * 8)..]),
    };
}
