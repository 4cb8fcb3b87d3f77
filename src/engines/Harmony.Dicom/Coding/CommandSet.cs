using System.Buffers.Binary;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;

namespace Harmony.Dicom.Coding;

/// <summary>Command sets of DIMSE messages (PS3.7 §6.3): elements of group 0000, always in implicit VR little endian, with a group length.</summary>
public static class CommandSet
{
    private static readonly DicomReadOptions Limits = DicomReadOptions.Default with
    {
        MaxMemory = 1024 * 1024,
        MaxValueLength = 64 * 1024,
        MaxTotalLength = 1024 * 1024,
        MaxElements = 1000,
        MaxDepth = 1
    };

    /// <summary>Reads a command set.</summary>
    /// <exception cref="DicomFormatException">It is none, or has elements of other groups, or more than 1 MiB.</exception>
    public static DicomDataSet Read(ReadOnlyMemory<byte> bytes)
    {
        var result = DicomReader.Read(bytes, TransferSyntax.ImplicitVRLittleEndian, Limits);
        if (result.DataSet.Count == 0 || result.DataSet[^1].Tag.Group != 0)
            throw new DicomFormatException("a command set has elements of group 0000 and no others", 0);
        return result.DataSet;
    }

    /// <summary>The bytes of a command set; (0000,0000) is computed, whether it is there or not.</summary>
    /// <exception cref="ArgumentException">There are elements of other groups.</exception>
    public static async ValueTask<byte[]> ToBytesAsync(DicomDataSet command)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (command.Any(e => e.Tag.Group != 0)) throw new ArgumentException("a command set has elements of group 0000 and no others", nameof(command));
        const int GroupLength = 12;
        var elements = await DicomWriter.ToBytesAsync(command, TransferSyntax.ImplicitVRLittleEndian);
        var bytes = new byte[GroupLength + elements.Length];
        bytes[4] = sizeof(uint);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), (uint)elements.Length);
        elements.CopyTo(bytes, GroupLength);
        return bytes;
    }
}
