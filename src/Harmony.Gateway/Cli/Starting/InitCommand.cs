using System.CommandLine;
using Harmony.Core.Configuration;

namespace Harmony.Gateway.Cli.Starting;

/// <summary><c>harmony init [TEMPLATE]</c>: writes a commented configuration to begin with. It never writes over a file.</summary>
internal static class InitCommand
{
    public static Command Create()
    {
        var template = new Argument<string>("TEMPLATE")
        {
            Description = $"What to begin with: {string.Join(", ", Templates.Names)}.", DefaultValueFactory = _ => "http"
        };
        var folder = new Option<string>("--folder") { Description = "Folder for the configuration.", HelpName = "FOLDER", DefaultValueFactory = _ => "." };
        var command = new Command("init", "Write a first configuration.") { template, folder };
        command.SetAction(result => Run(result.GetValue(template)!, result.GetValue(folder)!, result.InvocationConfiguration));
        return command;
    }

    private static int Run(string template, string folder, InvocationConfiguration console)
    {
        if (Templates.Find(template) is not { } files)
        {
            console.Error.WriteLine($"there is no template '{template}'{NearestName.Suggestion(template, Templates.Names)}");
            console.Error.WriteLine($"known: {string.Join(", ", Templates.Names)}");
            return 1;
        }

        if (files.Keys.FirstOrDefault(f => File.Exists(Path.Combine(folder, f))) is { } taken)
        {
            console.Error.WriteLine($"'{Path.Combine(folder, taken)}' is there already and was left as it is; name another folder with --folder FOLDER");
            return 1;
        }

        try
        {
            foreach (var (name, content) in files) Write(Path.Combine(folder, name), content);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            console.Error.WriteLine(e.Message);
            return 1;
        }

        foreach (var name in files.Keys.Order(StringComparer.Ordinal)) console.Output.WriteLine($"wrote {Path.Combine(folder, name)}");
        // Certificates and keys are in no template: a script makes them where the configuration looks for them.
        var scripts = files.Keys.Where(IsScript).Select(s => $"'{Path.Combine(folder, s)} {Path.Combine(folder, Templates.KeysFolderOf(files))}'");
        var checks = Templates.MainFilesOf(files).Select(f => Path.Combine(folder, f)).Select(f => $"'harmony check {f}', then 'harmony run --config {f}'");
        console.Output.WriteLine($"Next: edit these files, then {string.Join(", then ", scripts.Concat(checks))}.");
        return 0;
    }

    private static bool IsScript(string file) => file.EndsWith(".sh", StringComparison.Ordinal);

    private static void Write(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (IsScript(path) && !OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        using var file = new FileStream(path, options);
        file.Write(content);
    }
}
