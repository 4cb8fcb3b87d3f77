using System.Runtime.InteropServices;

namespace Harmony.Dicom.Imaging.Codecs.Jpeg2000;

/// <summary>The functions of OpenJPEG 2 (<c>openjpeg.h</c>) that are used, and its structures as they are on 64-bit systems.</summary>
internal static unsafe partial class OpenJpeg
{
    /// <summary><c>OPJ_CODEC_J2K</c>: a code stream without a file around it.</summary>
    public const int CodeStream = 0;

    private const string Library = NativeLibraries.OpenJpegName;

    /// <summary><c>opj_image_t</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Image
    {
        public uint X0;
        public uint Y0;
        public uint X1;
        public uint Y1;
        public uint ComponentCount;
        public int ColorSpace;
        public Component* Components;
        public byte* IccProfile;
        public uint IccProfileLength;
    }

    /// <summary><c>opj_image_comp_t</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Component
    {
        public uint StepX;
        public uint StepY;
        public uint Width;
        public uint Height;
        public uint X0;
        public uint Y0;
        public uint Precision;
        public uint Bpp;
        public uint IsSigned;
        public uint Resolutions;
        public uint Factor;
        public int* Data;
        public ushort Alpha;
    }

    /// <summary><c>opj_image_cmptparm_t</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ComponentParameters
    {
        public uint StepX;
        public uint StepY;
        public uint Width;
        public uint Height;
        public uint X0;
        public uint Y0;
        public uint Precision;
        public uint Bpp;
        public uint IsSigned;
    }

    /// <summary>The members of <c>opj_cparameters_t</c> that are set; the library fills in the others.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 32 * 1024)]
    public struct EncoderParameters
    {
        [FieldOffset(20)]
        public int AllocatesByRate;

        [FieldOffset(4796)]
        public int LayerCount;

        /// <summary>The first of <c>tcp_rates</c>: how many times smaller; 0 is lossless.</summary>
        [FieldOffset(4800)]
        public float FirstRate;

        [FieldOffset(5600)]
        public int ResolutionCount;

        [FieldOffset(5616)]
        public int IsIrreversible;

        [FieldOffset(18698)]
        public byte UsesColorTransform;
    }

    [LibraryImport(Library, EntryPoint = "opj_create_decompress")]
    public static partial nint CreateDecoder(int format);

    [LibraryImport(Library, EntryPoint = "opj_create_compress")]
    public static partial nint CreateEncoder(int format);

    [LibraryImport(Library, EntryPoint = "opj_destroy_codec")]
    public static partial void DestroyCodec(nint codec);

    [LibraryImport(Library, EntryPoint = "opj_set_default_decoder_parameters")]
    public static partial void SetDefaults(byte* decoderParameters);

    [LibraryImport(Library, EntryPoint = "opj_set_default_encoder_parameters")]
    public static partial void SetDefaults(EncoderParameters* parameters);

    [LibraryImport(Library, EntryPoint = "opj_setup_decoder")]
    public static partial int SetUpDecoder(nint codec, byte* decoderParameters);

    [LibraryImport(Library, EntryPoint = "opj_setup_encoder")]
    public static partial int SetUpEncoder(nint codec, EncoderParameters* parameters, Image* image);

    [LibraryImport(Library, EntryPoint = "opj_read_header")]
    public static partial int ReadHeader(nint stream, nint codec, Image** image);

    [LibraryImport(Library, EntryPoint = "opj_decode")]
    public static partial int Decode(nint codec, nint stream, Image* image);

    [LibraryImport(Library, EntryPoint = "opj_start_compress")]
    public static partial int StartEncoding(nint codec, Image* image, nint stream);

    [LibraryImport(Library, EntryPoint = "opj_encode")]
    public static partial int Encode(nint codec, nint stream);

    [LibraryImport(Library, EntryPoint = "opj_end_compress")]
    public static partial int EndEncoding(nint codec, nint stream);

    [LibraryImport(Library, EntryPoint = "opj_image_create")]
    public static partial Image* CreateImage(uint count, ComponentParameters* parameters, int colorSpace);

    [LibraryImport(Library, EntryPoint = "opj_image_destroy")]
    public static partial void DestroyImage(Image* image);

    [LibraryImport(Library, EntryPoint = "opj_stream_create")]
    public static partial nint CreateStream(nuint bufferSize, int isInput);

    [LibraryImport(Library, EntryPoint = "opj_stream_destroy")]
    public static partial void DestroyStream(nint stream);

    [LibraryImport(Library, EntryPoint = "opj_stream_set_user_data")]
    public static partial void SetUserData(nint stream, void* data, nint free);

    [LibraryImport(Library, EntryPoint = "opj_stream_set_user_data_length")]
    public static partial void SetLength(nint stream, ulong length);

    [LibraryImport(Library, EntryPoint = "opj_stream_set_read_function")]
    public static partial void SetRead(nint stream, delegate* unmanaged[Cdecl]<void*, nuint, void*, nuint> read);

    [LibraryImport(Library, EntryPoint = "opj_stream_set_write_function")]
    public static partial void SetWrite(nint stream, delegate* unmanaged[Cdecl]<void*, nuint, void*, nuint> write);

    [LibraryImport(Library, EntryPoint = "opj_stream_set_skip_function")]
    public static partial void SetSkip(nint stream, delegate* unmanaged[Cdecl]<long, void*, long> skip);

    [LibraryImport(Library, EntryPoint = "opj_stream_set_seek_function")]
    public static partial void SetSeek(nint stream, delegate* unmanaged[Cdecl]<long, void*, int> seek);
}
