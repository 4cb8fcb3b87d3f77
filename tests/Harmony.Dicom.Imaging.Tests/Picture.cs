using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;

namespace Harmony.Dicom.Imaging.Tests;

/// <summary>Synthetic images: waves with a little noise that use all of the range, so that every bit of a sample matters.</summary>
internal sealed record Picture
{
    public int Rows { get; init; } = 61;

    public int Columns { get; init; } = 83;

    public int Samples { get; init; } = 1;

    public int Allocated { get; init; } = 8;

    public int Stored { get; init; } = 8;

    public bool IsSigned { get; init; }

    public int Frames { get; init; } = 1;

    public string? Photometric { get; init; }

    /// <summary>How much noise there is, as a part of the range; codecs with loss want little.</summary>
    public double Noise { get; init; } = 0.05;

    /// <summary>How much of the range the waves use; what is left is for codecs that overshoot.</summary>
    public double Amplitude { get; init; } = 1;

    /// <summary>By names such as <c>u12</c> (unsigned, 12 of 16 bits), <c>s16</c>, <c>rgb</c>, with <c>x3</c> for three frames.</summary>
    public static Picture Of(string name)
    {
        var frames = 1;
        if (name.Split('x') is [var kind, var count]) (name, frames) = (kind, int.Parse(count));
        if (name == "rgb") return new Picture { Samples = 3, Frames = frames };
        if (name == "rgb16") return new Picture { Samples = 3, Allocated = 16, Stored = 16, Frames = frames };
        var bits = int.Parse(name[1..]);
        return new Picture { Allocated = bits > 16 ? 32 : bits > 8 ? 16 : 8, Stored = bits, IsSigned = name[0] == 's', Frames = frames };
    }

    /// <summary>The values, samples beside each other.</summary>
    public int[] Values()
    {
        var values = new int[Frames * Rows * Columns * Samples];
        var (range, seed, at) = (Math.Pow(2, Stored) - 1, 12345u, 0);
        for (var f = 0; f < Frames; f++)
            for (var y = 0; y < Rows; y++)
                for (var x = 0; x < Columns; x++)
                    for (var c = 0; c < Samples; c++)
                    {
                        seed = (seed * 1664525) + 1013904223;
                        var wave = 0.5 + (Amplitude * ((0.25 * Math.Sin((x / 9.0) + c + f)) + (0.25 * Math.Cos((y / 13.0) - (2 * c)))));
                        var value = Math.Clamp(wave + (Noise * ((seed >> 8 & 0xFFFF) / 65535.0 - 0.5)), 0, 1) * range;
                        values[at++] = (int)(long)(Math.Round(value) - (IsSigned ? Math.Pow(2, Stored - 1) : 0));
                    }

        return values;
    }

    /// <summary>An object of it; signed values are extended to the whole cell.</summary>
    public DicomDataSet DataSet(Action<DicomDataSetBuilder>? change = null)
    {
        var values = Values();
        var size = Allocated / 8;
        var bytes = new byte[values.Length * size];
        for (var i = 0; i < values.Length; i++)
            for (var b = 0; b < size; b++) bytes[(i * size) + b] = (byte)(values[i] >> (8 * b));
        var builder = new DicomDataSetBuilder()
            .Set(DicomTag.SOPClassUID, Frames > 1 ? Uid.MultiframeGrayscaleWordSecondaryCaptureImageStorage : Uid.SecondaryCaptureImageStorage)
            .Set(DicomTag.SOPInstanceUID, "1.2.3.4").Set(DicomTag.StudyInstanceUID, "1.2.3").Set(DicomTag.SeriesInstanceUID, "1.2.3.1")
            .Set(DicomTag.Modality, "OT").Set(DicomTag.ConversionType, "SYN").Set(DicomTag.PatientID, "P-1").Set(DicomTag.PatientName, "Test^Picture")
            .Set(DicomTag.StudyDate, "20260102").Set(DicomTag.StudyTime, "120000").Set(DicomTag.InstanceNumber, "1")
                .Set(DicomTag.ImageType, "ORIGINAL", "PRIMARY")
            .Set(DicomTag.SamplesPerPixel, Samples).Set(DicomTag.PhotometricInterpretation, Photometric ?? (Samples == 1 ? "MONOCHROME2" : "RGB"))
            .Set(DicomTag.Rows, Rows).Set(DicomTag.Columns, Columns)
            .Set(DicomTag.BitsAllocated, Allocated).Set(DicomTag.BitsStored, Stored).Set(DicomTag.HighBit, Stored - 1)
                .Set(DicomTag.PixelRepresentation, IsSigned ? 1 : 0)
            .Set(new DicomValue(DicomTag.PixelData, Allocated > 8 ? Vr.OW : Vr.OB, bytes));
        if (Samples > 1) builder.Set(DicomTag.PlanarConfiguration, 0);
        if (Frames > 1) builder.Set(DicomTag.NumberOfFrames, Frames);
        change?.Invoke(builder);
        return builder.Build();
    }

    /// <summary>A file of it.</summary>
    public async Task<string> SaveAsync(string path, Action<DicomDataSetBuilder>? change = null)
    {
        await DicomFile.Create(DataSet(change), TransferSyntax.ExplicitVRLittleEndian).SaveAsync(path);
        return path;
    }

    /// <summary>What the stored bits of all samples mean.</summary>
    public static int[] ValuesOf(FrameImage image)
    {
        var reader = new Imaging.Rendering.SampleReader(image.Format);
        return [.. Enumerable.Range(0, (int)(image.Format.PixelCount * image.Format.Samples)).Select(i => (int)reader.Value(reader.Bits(image.Bytes, i)))];
    }
}
