using Harmony.Core.Configuration;

namespace Harmony.Access.Middleware.Policies;

/// <summary>Finds sections by the name of their table or by their <c>id</c>, in the file that refers to them first.</summary>
internal sealed class NamedSections<T>(Definitions<T> all, Func<T, string?> id, ConfigProblems problems)
    where T : ConfigNode
{
    /// <summary>Whether there is one.</summary>
    /// <param name="name">The name or id.</param>
    /// <param name="file">The file that refers to it.</param>
    /// <param name="location">Where it does.</param>
    /// <param name="found">The section; null when the name means two different ones, which the problems say.</param>
    public bool TryFind(string name, string file, SourceLocation location, out Definition<T>? found)
    {
        found = null;
        var tableName = all.Find(name, file) is not null ? name : ById(name, file)?.Name;
        if (tableName is null) return false;
        found = all.Resolve(tableName, file, location, problems);
        return true;
    }

    private Definition<T>? ById(string name, string file)
    {
        var candidates = all.Where(d => id(d.Section) == name).ToList();
        return candidates.Find(d => d.File == file) ?? candidates.FirstOrDefault();
    }
}
