using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Imaging;
using Harmony.Dicom.Imaging.Codecs;
using Harmony.Dicom.Imaging.Codecs.Jpeg2000;
using Harmony.Dicom.Imaging.Codecs.JpegLs;
using Harmony.Dicom.Imaging.Transcoding;

namespace Harmony.Benchmarks.Pixels;

/// <summary>
/// Decodes frames of 512 × 512 pixels, beside what the C libraries take alone: both in turns, on one core, the best of many rounds of each. The share of the
/// library's speed is what to look at.
/// </summary>
internal static class PixelTimes
{
    private const int Side = 512;
    private const int Rounds = 60;

    /// <summary>Prints a line for each codec; a library that is not installed has none.</summary>
    public static async Task<int> RunAsync(TextWriter output)
    {
        foreach (var noise in (int[])[0, 3, 40])
        {
            await CompareAsync("JPEG-LS, CharLS alone", 16, noise, TransferSyntax.JPEGLSLossless, 0.95, Of(NativeLibraries.CharLs, CharLsAlone));
            await CompareAsync("JPEG 2000, OpenJPEG alone", 16, noise, TransferSyntax.JPEG2000Lossless, 0.95, Of(NativeLibraries.OpenJpeg, OpenJpegAlone));
            await CompareAsync("JPEG of 8 bits, managed, libjpeg-turbo alone", 8, noise, TransferSyntax.JPEGBaseline8Bit, 0.7, TurboJpeg.Create());
        }

        return 0;

        static Action<byte[], byte[]>? Of(NativeLibraryFile library, Action<byte[], byte[]> alone) => library.Handle != 0 ? alone : null;

        async Task CompareAsync(string name, int bits, int noise, TransferSyntax syntax, double wanted, Action<byte[], byte[]>? alone)
        {
            if (alone is null)
            {
                await output.WriteLineAsync($"{name}: the library is not installed");
                return;
            }

            await using var decoder = new FrameDecoder();
            using var made = await new ImageTranscoder(decoder).TranscodeAsync(
                Object(bits, noise), TransferSyntax.ExplicitVRLittleEndian, syntax, new TranscodeOptions { AllowsLoss = true });
            var image = DicomImage.Of(made.DataSet, syntax);
            var (stored, room) = (await image.ReadStoredAsync(1), new byte[Side * Side * bits / 8]);
            var (ours, library) = (double.MaxValue, double.MaxValue);
            for (var round = 0; round < Rounds; round++)
            {
                ours = Math.Min(ours, Milliseconds(() => FrameCodec.Decode(image.Format, syntax, stored, image.Limits)));
                library = Math.Min(library, Milliseconds(() => alone(stored, room)));
            }

            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{name}, noise {noise}: {ours:0.00} ms, {library:0.00} ms, share {library / ours:0.00} (wanted {wanted})"));
        }
    }

    /// <summary>Waves, with noise of so many of 256 shades.</summary>
    private static DicomDataSet Object(int bits, int noise)
    {
        var (samples, random) = (new byte[Side * Side * bits / 8], new Random(1));
        for (var i = 0; i < Side * Side; i++)
        {
            var shade = 128 + (80 * Math.Sin(i % Side / 30.0) * Math.Cos(i / Side / 40.0)) + (noise * (random.NextDouble() - 0.5));
            if (bits == 8) samples[i] = (byte)shade;
            else BitConverter.TryWriteBytes(samples.AsSpan(2 * i), (ushort)(shade * 256));
        }

        return new DicomDataSetBuilder()
            .Set(DicomTag.SOPClassUID, Uid.SecondaryCaptureImageStorage).Set(DicomTag.SOPInstanceUID, "1.2.3")
            .Set(DicomTag.SamplesPerPixel, 1).Set(DicomTag.PhotometricInterpretation, "MONOCHROME2").Set(DicomTag.Rows, Side).Set(DicomTag.Columns, Side)
            .Set(DicomTag.BitsAllocated, bits).Set(DicomTag.BitsStored, bits).Set(DicomTag.HighBit, bits - 1).Set(DicomTag.PixelRepresentation, 0)
            .Set(new DicomValue(DicomTag.PixelData, bits > 8 ? Vr.OW : Vr.OB, samples)).Build();
    }

    private static double Milliseconds(Action run)
    {
        var from = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(from).TotalMilliseconds;
    }

    private static unsafe void CharLsAlone(byte[] stored, byte[] room)
    {
        var decoder = CharLs.CreateDecoder();
        fixed (byte* source = stored, destination = room)
        {
            var result = CharLs.SetSource(decoder, source, (nuint)stored.Length);
            if (result == 0) result = CharLs.ReadHeader(decoder);
            if (result == 0) result = CharLs.Decode(decoder, destination, (nuint)room.Length, 0);
            CharLs.DestroyDecoder(decoder);
            if (result != 0) throw new InvalidOperationException($"CharLS: error {result}");
        }
    }

    /// <summary>Decodes to the integers that the library gives, and no further.</summary>
    private static unsafe void OpenJpegAlone(byte[] stored, byte[] room)
    {
        const int ParametersSize = 16 * 1024;
        var parameters = stackalloc byte[ParametersSize];
        fixed (byte* data = stored)
        {
            var memory = new MemoryBlock { Data = data, Length = stored.Length };
            OpenJpeg.Image* image = null;
            var stream = MemoryBlock.CreateStream(&memory, isInput: true);
            var codec = OpenJpeg.CreateDecoder(OpenJpeg.CodeStream);
            OpenJpeg.SetDefaults(parameters);
            var isDone = OpenJpeg.SetUpDecoder(codec, parameters) != 0 && OpenJpeg.ReadHeader(stream, codec, &image) != 0
                && OpenJpeg.Decode(codec, stream, image) != 0;
            OpenJpeg.DestroyImage(image);
            OpenJpeg.DestroyStream(stream);
            OpenJpeg.DestroyCodec(codec);
            if (!isDone) throw new InvalidOperationException("OpenJPEG cannot decode the frame");
        }
    }
}

/// <summary>libjpeg-turbo, by its function <c>tjDecompress2</c> (<c>turbojpeg.h</c>): grey, with the accurate transform, whose pixels ours are.</summary>
internal static unsafe class TurboJpeg
{
    private const int Grey = 6; // TJPF_GRAY
    private const int Accurate = 4096; // TJFLAG_ACCURATEDCT
    private const int Side = 512;

    /// <summary>Decodes a frame of 512 × 512 pixels; null where the library is not installed.</summary>
    public static Action<byte[], byte[]>? Create()
    {
        if (!NativeLibrary.TryLoad("libturbojpeg.so.0", out var library)) return null;
        var decoder = ((delegate* unmanaged[Cdecl]<nint>)NativeLibrary.GetExport(library, "tjInitDecompress"))();
        var decode = (delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, int, int, int, int, int, int>)NativeLibrary.GetExport(library, "tjDecompress2");
        return (stored, room) =>
        {
            fixed (byte* source = stored, destination = room)
            {
                if (decode(decoder, source, (nuint)stored.Length, destination, Side, 0, Side, Grey, Accurate) != 0)
                    throw new InvalidOperationException("libjpeg-turbo cannot decode the frame");
            }
        };
    }
}
