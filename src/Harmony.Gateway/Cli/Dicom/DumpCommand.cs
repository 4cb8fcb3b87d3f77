using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Files;
using Harmony.Dicom.Json;

namespace Harmony.Gateway.Cli.Dicom;

/// <summary><c>harmony dicom dump</c>: prints what is in a DICOM file, as text or as DICOM JSON. What breaks the standard goes to standard error.</summary>
internal static class DumpCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A DICOM file, with or without a header." };
        var json = new Option<bool>("--json")
        {
            Description = "Print the data set in the DICOM JSON Model (PS3.18 F); compressed pixel data and values over 64 KiB as references to the file."
        };
        var command = new Command("dump", "Print the elements of a DICOM file.") { file, json };
        command.SetAction((result, ct) => RunAsync(result.GetValue(file)!, result.GetValue(json), result.InvocationConfiguration, ct));
        return command;
    }

    /// <returns>1 when the file cannot be read to its end; what was read is printed nevertheless.</returns>
    private static async Task<int> RunAsync(string path, bool json, InvocationConfiguration console, CancellationToken ct)
    {
        try
        {
            var file = await DicomFile.OpenAsync(path, new DicomReadOptions { KeepsWhatWasRead = true }, ct);
            if (json) await console.Output.WriteLineAsync(Json(file.DataSet, path));
            else new DataSetText(console.Output).Print(file);
            foreach (var warning in file.Warnings) await console.Error.WriteLineAsync($"{path}: {warning}");
            if (file.Error is null) return 0;
            await console.Error.WriteLineAsync($"{path}: {file.Error.Message}");
            return 1;
        }
        catch (Exception e) when (e is DicomFormatException or IOException or UnauthorizedAccessException)
        {
            await console.Error.WriteLineAsync($"{path}: {e.Message}");
            return 1;
        }
    }

    private static string Json(DicomDataSet dataSet, string path)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            DicomJsonWriter.Write(writer, dataSet, new DicomJsonWriterOptions
            {
                BulkDataUri = (where, element) => element is DicomValue ? null : $"{Reference(path)}#{where}",
            });
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Reference(string path) => new Uri(Path.GetFullPath(path)).AbsoluteUri;
}
