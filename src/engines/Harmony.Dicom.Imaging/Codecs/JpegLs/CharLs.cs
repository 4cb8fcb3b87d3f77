using System.Runtime.InteropServices;

namespace Harmony.Dicom.Imaging.Codecs.JpegLs;

/// <summary>
/// The functions of CharLS 2 that are used (<c>charls_jpegls_decoder.h</c>, <c>charls_jpegls_encoder.h</c>). They return 0, or the number of an error.
/// </summary>
internal static unsafe partial class CharLs
{
    private const string Library = NativeLibraries.CharLsName;

    /// <summary><c>charls_frame_info</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct FrameInfo
    {
        public uint Width;
        public uint Height;
        public int BitsPerSample;
        public int ComponentCount;
    }

    /// <summary><c>charls_interleave_mode</c>.</summary>
    public enum InterleaveMode
    {
        None,
        Line,
        Sample,
    }

    [LibraryImport(Library, EntryPoint = "charls_jpegls_decoder_create")]
    public static partial nint CreateDecoder();

    [LibraryImport(Library, EntryPoint = "charls_jpegls_decoder_destroy")]
    public static partial void DestroyDecoder(nint decoder);

    [LibraryImport(Library, EntryPoint = "charls_jpegls_decoder_set_source_buffer")]
    public static partial int SetSource(nint decoder, byte* source, nuint size);

    [LibraryImport(Library, EntryPoint = "charls_jpegls_decoder_read_header")]
    public static partial int ReadHeader(nint decoder);

    [LibraryImport(Library, EntryPoint = "charls_jpegls_decoder_get_frame_info")]
    public static partial int GetFrameInfo(nint decoder, FrameInfo* info);

    [LibraryImport(Library, EntryPoint = "charls_jpegls_decoder_get_interleave_mode")]
    public static partial int GetInterleaveMode(nint decoder, InterleaveMode* mode);

    [LibraryImport(Library, EntryPoint = "charls_jpegls_decoder_get_destination_size")]
    public static partial int GetDestinationSize(nint decoder, uint stride, nuint* size);

    [LibraryImport(Library, EntryPoint = "charls_jpegls_decoder_decode_to_buffer")]
    public static partial int Decode(nint decoder, byte* destination, nuint size, uint stride);

    [LibraryImport(Library, EntryPoint = "charls_jpegls_encoder_create")]
    public static partial nint CreateEncoder();

    [LibraryImport(Library, EntryPoint = "charls_jpegls_encoder_destroy")]
    public static partial void DestroyEncoder(nint encoder);

    [LibraryImport(Library, EntryPoint = "charls_jpegls_encoder_set_frame_info")]
    public static partial int SetFrameInfo(nint encoder, FrameInfo* info);

    [LibraryImport(Library, EntryPoint = "charls_jpegls_encoder_set_near_lossless")]
    public static partial int SetNearLossless(nint encoder, int near);

    [LibraryImport(Library, EntryPoint = "charls_jpegls_encoder_set_interleave_mode")]
    public static partial int SetInterleaveMode(nint encoder, InterleaveMode mode);

    [LibraryImport(Library, EntryPoint = "charls_jpegls_encoder_get_estimated_destination_size")]
    public static partial int GetEstimatedSize(nint encoder, nuint* size);

    [LibraryImport(Library, EntryPoint = "charls_jpegls_encoder_set_destination_buffer")]
    public static partial int SetDestination(nint encoder, byte* destination, nuint size);

    [LibraryImport(Library, EntryPoint = "charls_jpegls_encoder_encode_from_buffer")]
    public static partial int Encode(nint encoder, byte* source, nuint size, uint stride);

    [LibraryImport(Library, EntryPoint = "charls_jpegls_encoder_get_bytes_written")]
    public static partial int GetBytesWritten(nint encoder, nuint* size);
}
