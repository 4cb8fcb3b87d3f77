using System.IO.Compression;
using System.Text;
using Harmony.Jmix.Model;
using Harmony.Jmix.Packaging;
using Harmony.Testing;

namespace Harmony.Jmix.Tests;

/// <summary>A small made-up study, and packages of it.</summary>
internal static class Study
{
    public static readonly JmixEntity Sender = new("org:sender.example", "Klinik Größe / Süd", "it@sender.example");
    public static readonly JmixEntity Receiver = new("org:receiver.example", "Receiver");

    public static JmixBuildOptions Options => new(Sender, [Receiver]) { Clock = new TestTimeProvider() };

    public static async Task<JmixPackageInfo> BuildAsync(PackageSink sink, JmixBuildOptions options, int objects = 3, bool knowsLengths = true)
    {
        await using var builder = new JmixPackageBuilder(sink, options);
        for (var i = 1; i <= objects; i++)
        {
            var content = Content(i);
            await builder.AddDicomAsync(Attributes(i), new MemoryStream(content), knowsLengths ? content.Length : null, default);
        }

        var report = "%PDF-1.4 synthetic"u8.ToArray();
        await builder.AddFileAsync("report.pdf", new MemoryStream(report), report.Length, default);
        await builder.AddFileAsync("report.pdf", new MemoryStream(report), report.Length, default);
        return await builder.CompleteAsync(default);
    }

    public static DicomAttributes Attributes(int i) => new($"1.2.3.{i}", "1.2.3", "1.2.3.9." + (i % 2))
    {
        Modality = "CT", PatientId = "P1", PatientName = "Doe^Jane^Q^Dr", PatientBirthDate = "19700131", PatientSex = "F", IssuerOfPatientId = "HOSP A",
        StudyDescription = "Thorax",
    };

    public static byte[] Content(int i)
        => [.. new byte[128], .. "DICM"u8, .. Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat($"object {i};", 3000 * i)))];

    public static async Task<string> ZipAsync(TestFolder folder, JmixBuildOptions options, CompressionLevel? level = CompressionLevel.Fastest)
    {
        var path = Path.Combine(folder.Path, $"{Guid.NewGuid():N}.zip");
        await using var file = File.Create(path);
        await BuildAsync(new ZipSink(file, level), options);
        return path;
    }
}
