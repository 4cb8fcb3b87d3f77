using System.Buffers.Binary;
using System.Text;
using Harmony.Dicom.Data.Uids;

namespace Harmony.Dicom.Imaging.Isolation;

/// <summary>What is said between a decoder's process and the one that wants frames: a header of fixed size, then bytes. Numbers are little endian.</summary>
internal static class WorkerMessages
{
    private const uint RequestMark = 0x31514448; // HDQ1
    private const uint ResponseMark = 0x31524448; // HDR1
    private const int UidLength = 64;
    private const int RequestLength = 48 + UidLength;
    private const int ResponseLength = 16;
    private const int MaxMessage = 4096;
    private const uint Decoded = uint.MaxValue;

    public static async ValueTask WriteRequestAsync(Stream to, PixelFormat format, TransferSyntax syntax, byte[] stored, CancellationToken ct)
    {
        var header = new byte[RequestLength];
        ReadOnlySpan<int> numbers =
        [
            format.Rows, format.Columns, format.Samples, format.BitsAllocated, format.BitsStored, format.HighBit, format.IsSigned
                ? 1
                : 0, format.IsPlanar ? 1 : 0, (int)format.Photometric,
            (int)format.Kind, stored.Length,
        ];
        BinaryPrimitives.WriteUInt32LittleEndian(header, RequestMark);
        for (var i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4 + (4 * i)), numbers[i]);
        Encoding.ASCII.GetBytes(syntax.Uid, header.AsSpan(48));
        await to.WriteAsync(header, ct);
        await to.WriteAsync(stored, ct);
        await to.FlushAsync(ct);
    }

    /// <returns>Null if there are no more.</returns>
    public static async ValueTask<(PixelFormat Format, TransferSyntax Syntax, byte[] Stored)?> ReadRequestAsync(Stream from)
    {
        var header = new byte[RequestLength];
        if (await from.ReadAtLeastAsync(header, RequestLength, throwOnEndOfStream: false) < RequestLength) return null;
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != RequestMark) return null;
        int Number(int index) => BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4 + (4 * index)));
        var format = new PixelFormat
        {
            Rows = Number(0), Columns = Number(1), Samples = Number(2), BitsAllocated = Number(3), BitsStored = Number(4), HighBit = Number(5),
            IsSigned = Number(6) == 1, IsPlanar = Number(7) == 1,
            Photometric = (PhotometricInterpretation)Number(8), Kind = (SampleKind)Number(9),
        };
        var stored = GC.AllocateUninitializedArray<byte>(Number(10));
        await from.ReadExactlyAsync(stored);
        return (format, TransferSyntax.Of(Encoding.ASCII.GetString(header.AsSpan(48)).TrimEnd('\0')), stored);
    }

    public static ValueTask WriteImageAsync(Stream to, FrameImage image) => WriteResponseAsync(to, Decoded, (int)image.Format.Photometric, image.Bytes);

    public static ValueTask WriteErrorAsync(Stream to, ImagingErrorKind kind, string message)
        => WriteResponseAsync(to, (uint)kind, 0, Encoding.UTF8.GetBytes(message.Length > MaxMessage / 4 ? message[..(MaxMessage / 4)] : message));

    /// <exception cref="ImagingException">The worker could not decode the frame.</exception>
    /// <exception cref="EndOfStreamException">The worker ended.</exception>
    public static async ValueTask<FrameImage> ReadResponseAsync(Stream from, PixelFormat format, CancellationToken ct)
    {
        var header = new byte[ResponseLength];
        await from.ReadExactlyAsync(header, ct);
        var (kind, photometric, length) = (BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4)), BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8)),
            BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12)));
        // A worker that was taken over by what it decodes gets nothing of its own making believed.
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != ResponseMark || (kind == Decoded ? length != format.FrameLength : length is < 0 or > MaxMessage))
            throw new EndOfStreamException("the worker does not keep to the protocol");
        var bytes = GC.AllocateUninitializedArray<byte>(length);
        await from.ReadExactlyAsync(bytes, ct);
        if (kind != Decoded) throw new ImagingException(Enum.IsDefined((ImagingErrorKind)kind)
            ? (ImagingErrorKind)kind
            : ImagingErrorKind.Corrupt, Encoding.UTF8.GetString(bytes));
        var decoded = Enum.IsDefined((PhotometricInterpretation)photometric) ? (PhotometricInterpretation)photometric : format.Photometric;
        return new FrameImage(format with { IsPlanar = false, Photometric = decoded }, bytes);
    }

    private static async ValueTask WriteResponseAsync(Stream to, uint kind, int photometric, byte[] bytes)
    {
        var header = new byte[ResponseLength];
        BinaryPrimitives.WriteUInt32LittleEndian(header, ResponseMark);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), kind);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), photometric);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(12), bytes.Length);
        await to.WriteAsync(header);
        await to.WriteAsync(bytes);
        await to.FlushAsync();
    }
}
