using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Data.Middleware.Transform;

/// <summary>Finds and reads the file that <c>spec_path</c> means. What is wrong goes to the context's problems; a file that is not there closes its user.</summary>
internal static class SpecFile
{
    /// <summary>The bytes of the file; null when it cannot be read.</summary>
    /// <param name="path">As configured.</param>
    /// <param name="location">Where that stands.</param>
    /// <param name="context">The middleware that names it.</param>
    public static byte[]? Read(string path, SourceLocation location, MiddlewareContext context)
    {
        try
        {
            // All of them: one that comes into being takes precedence at the next reload.
            foreach (var candidate in Candidates(path, context)) context.Config.Sources.Add(candidate);
            return File.ReadAllBytes(Candidates(path, context).FirstOrDefault(File.Exists) ?? context.Environment.PathOf(path));
        }
        catch (Exception e) when (Readable.IsAbsence(e))
        {
            context.Close(location, $"cannot read the spec '{path}' of middleware '{context.Name}': {Readable.Reason(e)}{Advice(path, context)}");
            return null;
        }
        catch (Exception e) when (Readable.IsReadFailure(e))
        {
            context.Problems.Error(location, $"cannot read the spec '{path}' of middleware '{context.Name}': {Readable.Reason(e)}{Advice(path, context)}");
            return null;
        }
    }

    private static IEnumerable<string> Candidates(string path, MiddlewareContext context)
    {
        yield return Path.Combine(Transforms(context), path); // an absolute path stays what it is
        yield return Path.Combine(Path.GetDirectoryName(Path.GetFullPath(context.File)) ?? "", path);
        yield return Path.Combine(context.Config.Directory, path);
    }

    private static string Transforms(MiddlewareContext context) => Path.Combine(context.Config.Directory, context.Config.Proxy.TransformsPath);

    private static string Advice(string path, MiddlewareContext context)
    {
        var folder = Transforms(context);
        var names = Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal).ToList() : [];
        var suggestion = NearestName.Suggestion(Path.GetFileName(path), names);
        return suggestion.Length > 0 ? suggestion : $"; specs belong into the folder '{context.Config.Proxy.TransformsPath}'";
    }
}
