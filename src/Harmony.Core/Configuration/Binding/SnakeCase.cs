using System.Text;

namespace Harmony.Core.Configuration;

/// <summary>Names of code in the spelling of configuration files.</summary>
public static class SnakeCase
{
    /// <summary><c>PathPrefix</c> → <c>path_prefix</c>.</summary>
    public static string From(string name)
    {
        var result = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsUpper(name[i]) && i > 0 && !char.IsUpper(name[i - 1])) result.Append('_');
            result.Append(char.ToLowerInvariant(name[i]));
        }

        return result.ToString();
    }
}
