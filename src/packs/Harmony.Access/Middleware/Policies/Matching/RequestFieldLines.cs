using Harmony.Core.Envelope;

namespace Harmony.Access.Middleware.Policies.Matching;

/// <summary>Conditions on fields that a request may give several times.</summary>
internal static class RequestFieldLines
{
    /// <summary>Whether the field is there and a condition holds for all of its lines, or for one.</summary>
    /// <param name="fields">The request's fields.</param>
    /// <param name="name">The field's name.</param>
    /// <param name="all">Whether it must hold for all.</param>
    /// <param name="state">What the condition needs.</param>
    /// <param name="condition">The condition on one value.</param>
    public static bool Hold<T>(HeaderFields fields, string name, bool all, T state, Func<T, string, bool> condition)
    {
        var found = false;
        foreach (ref readonly var line in fields.AsSpan())
        {
            if (!string.Equals(line.Name, name, StringComparison.OrdinalIgnoreCase)) continue;
            found = condition(state, line.Value);
            if (found != all) break;
        }

        return found;
    }
}
