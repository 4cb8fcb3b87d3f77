using System.CommandLine;
using Harmony.Core.Configuration;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Imaging;
using Harmony.Gateway.Cli.Dicom.Storing;

namespace Harmony.Gateway.Cli.Dicom.Pixels;

/// <summary>A DICOM file, and where what becomes of it goes.</summary>
/// <param name="Source">As it was found.</param>
/// <param name="Target">The file to write.</param>
/// <param name="IsFromFolder">Whether it was found in a folder, where not everything has to be DICOM.</param>
internal sealed record PixelFile(string Source, string Target, bool IsFromFolder);

/// <summary>Does something with files and folders of them: shows how far it is, and goes on with the next where one fails.</summary>
/// <param name="console">Where failures go.</param>
internal sealed class PixelFiles(InvocationConfiguration console)
{
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, IgnoreInaccessible = false };

    private int _done;
    private int _passedOver;
    private int _failed;

    /// <summary>Which files there are to do. Files of folders keep their places below the output folder.</summary>
    /// <param name="paths">Files and folders.</param>
    /// <param name="output">A file, if there is one file; else a folder. Null: beside the source.</param>
    /// <param name="extension">What targets end with.</param>
    public static IReadOnlyList<PixelFile> In(IReadOnlyList<string> paths, string? output, string extension)
    {
        if (paths is [var only] && !Directory.Exists(only))
        {
            if (output is null) return [new PixelFile(only, Path.ChangeExtension(only, extension), false)];
            return [new PixelFile(only, Directory.Exists(output) || output.EndsWith('/') ? Beside(only, output, extension) : output, false)];
        }

        var files = new List<PixelFile>();
        foreach (var path in paths)
        {
            if (!Directory.Exists(path)) files.Add(new PixelFile(path, Beside(path, output ?? Path.GetDirectoryName(path) ?? "", extension), false));
            else
            {
                files.AddRange(Directory.EnumerateFiles(path, "*", Everything).Order(StringComparer.Ordinal)
                    .Select(f => new PixelFile(f, Path.Combine(output ?? path, Path.ChangeExtension(Path.GetRelativePath(path, f), extension)), true)));
            }
        }

        return files;
    }

    /// <summary>Does it.</summary>
    /// <param name="files">Which.</param>
    /// <param name="work">What, for each: writes the target.</param>
    /// <returns>1 when a file failed.</returns>
    public async Task<int> RunAsync(IReadOnlyList<PixelFile> files, Func<PixelFile, Task> work)
    {
        await StoreProgress.ShowAsync(console.Error, files.Count, async advance =>
        {
            foreach (var file in files)
            {
                await RunAsync(file, work);
                advance();
            }
        }, "working");
        var rest = (_passedOver > 0 ? $", {_passedOver} are no images" : "") + (_failed > 0 ? $", {_failed} failed" : "");
        if (files.Count != 1) await console.Output.WriteLineAsync($"{_done} of {files.Count} files{rest}");
        return _failed > 0 || (_done == 0 && _passedOver == 0) ? 1 : 0;
    }

    private static string Beside(string path, string folder, string extension) => Path.Combine(folder, Path.ChangeExtension(Path.GetFileName(path), extension));

    private async Task RunAsync(PixelFile file, Func<PixelFile, Task> work)
    {
        try
        {
            if (Path.GetDirectoryName(file.Target) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
            await work(file);
            _done++;
        }
        catch (Exception e) when (file.IsFromFolder && e is (DicomFormatException or ImagingException { Kind: ImagingErrorKind.NotAnImage }))
        {
            _passedOver++;
        }
        catch (Exception e) when (e is DicomFormatException or ImagingException)
        {
            await FailAsync(file, e.Message);
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            await FailAsync(file, Readable.Reason(e));
        }
    }

    private Task FailAsync(PixelFile file, string reason)
    {
        _failed++;
        return console.Error.WriteLineAsync($"{file.Source}: {reason}");
    }
}
