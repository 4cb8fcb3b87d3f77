using System.Globalization;
using System.Text;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Dicom.Imaging.Files;
using Harmony.Dicom.Imaging.Rendering;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Dicom.Imaging.Tests.Rendering;

/// <summary>Each kind of image is shown as DCMTK shows it. The pictures are kept in <c>artifacts/test-results/photometry</c>, for people to look at.</summary>
public sealed class PhotometryTests
{
    private static readonly ImageRenderer Renderer = new(new FrameDecoder());

    public static TheoryData<string> Compared() => [.. PhotometryCases.All.Where(c => c.Dcm2pnm is not null).Select(c => c.Name)];

    public static TheoryData<string> Others() => [.. PhotometryCases.All.Where(c => c.Dcm2pnm is null).Select(c => c.Name)];

    [DcmtkTheory("dcm2pnm")]
    [MemberData(nameof(Compared))]
    public async Task IsShownAsDcmtkShowsIt(string name)
    {
        var (kind, rendered) = await RenderAsync(name);
        using var folder = new TestFolder();
        await DicomFile.Create(kind.Make(), TransferSyntax.ExplicitVRLittleEndian).SaveAsync(folder.PathOf("a.dcm"));
        (await DcmtkPeer.RunAsync("dcm2pnm",
            [.. kind.Dcm2pnm!.Split(' ', StringSplitOptions.RemoveEmptyEntries), "+op", folder.PathOf("a.dcm"), folder.PathOf("a.pnm")])).Succeeded();
        var expected = Pnm(await File.ReadAllBytesAsync(folder.PathOf("a.pnm")), rendered);
        var differences = expected.Zip(rendered.Pixels, (a, b) => Math.Abs(a - b)).ToArray();
        Assert.True(differences.Max() <= kind.Tolerance,
            $"off by up to {differences.Max()}, {differences.Average():F3} in the mean; first {expected[0]} and {rendered.Pixels[0]}");
    }

    [Theory]
    [MemberData(nameof(Others))]
    public async Task IsShown(string name)
    {
        var (_, rendered) = await RenderAsync(name);
        Assert.True(rendered.Pixels.Distinct().Count() > 1);
    }

    private static async Task<(PhotometryCase Kind, RenderedImage Rendered)> RenderAsync(string name)
    {
        var kind = PhotometryCases.All.Single(c => c.Name == name);
        var image = DicomImage.Of(kind.Make(), TransferSyntax.ExplicitVRLittleEndian);
        var rendered = await Renderer.RenderAsync(image, kind.Frame, kind.Options);
        var folder = RepositoryFolder.PathOf("artifacts", "test-results", "photometry");
        Directory.CreateDirectory(folder);
        await File.WriteAllBytesAsync(Path.Combine(folder, $"{name}.png"), ImageFile.Write(rendered, ImageFileFormat.Png));
        return (kind, rendered);
    }

    /// <summary>PGM or PPM; some options make DCMTK write colours of grey images.</summary>
    private static byte[] Pnm(byte[] bytes, RenderedImage like)
    {
        var (words, at) = (new List<string>(), 0);
        while (words.Count < 4)
        {
            var end = at;
            while (!char.IsWhiteSpace((char)bytes[end])) end++;
            var word = Encoding.ASCII.GetString(bytes[at..end]);
            if (word.StartsWith('#')) end = Array.IndexOf(bytes, (byte)'\n', at);
            else if (word.Length > 0) words.Add(word);
            at = end + 1;
        }

        Assert.Equal(like.Channels == 1 ? "P5" : "P6", words[0]);
        Assert.Equal((like.Width, like.Height, 255), (int.Parse(words[1], CultureInfo.InvariantCulture), int.Parse(words[2], CultureInfo.InvariantCulture),
            int.Parse(words[3], CultureInfo.InvariantCulture)));
        Assert.Equal(like.Pixels.Length, bytes.Length - at);
        return bytes[at..];
    }
}
