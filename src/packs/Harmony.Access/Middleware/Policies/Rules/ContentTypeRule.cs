using Harmony.Access.Middleware.Policies.Matching;
using Harmony.Core.Configuration;
using Harmony.Core.Envelope;

namespace Harmony.Access.Middleware.Policies.Rules;

/// <summary>The options of <c>content_type</c>.</summary>
internal sealed record ContentTypeOptions : ConditionOptions
{
    /// <summary>Media types; <c>application/*</c> for all of a kind, <c>*/*</c> for all.</summary>
    [AllowedRange(1)]
    public required IReadOnlyList<string> ContentTypes { get; init; }
}

/// <summary><c>content_type</c>: by the request's <c>Content-Type</c>, without its parameters. A request without one does not match.</summary>
internal sealed class ContentTypeRule(RuleContext context, ContentTypeOptions options) : ConditionRule(context, options.Allows)
{
    private readonly string[] _types = [.. options.ContentTypes];

    protected override string Condition => $"bodies of {string.Join(", ", _types)}";

    public static Rule? Create(RuleContext context)
    {
        if (!context.TryBind<ContentTypeOptions>(out var options)) return null;
        var sound = true;
        for (var i = 0; i < options.ContentTypes.Count; i++)
        {
            var type = options.ContentTypes[i];
            if (type.Count(c => c == '/') == 1 && !type.Contains(';') && type[0] != '/' && type[^1] != '/' && (!type.StartsWith('*') || type == "*/*"))
                continue;
            sound = context.Fail(options.LocationOf("content_types", i), $"'{type}' is no media type; write application/json, application/* or */*");
        }

        return sound ? new ContentTypeRule(context, options) : null;
    }

    protected override bool Holds(RequestEnvelope request)
        => RequestFieldLines.Hold(request.Headers, "content-type", Allows, this, static (rule, value) => rule.Fits(value));

    /// <summary>
    /// The field holds one media type (RFC 9110 §8.3), but some servers read a list, and each takes another of its parts. So a list is
    /// never what is allowed, and is denied when one of its parts is.
    /// </summary>
    private bool Fits(string value)
    {
        if (!value.Contains(',')) return FitsOne(value);
        if (Allows) return !IsList(value) && FitsOne(value);
        foreach (var part in value.Split(','))
        {
            if (FitsOne(part)) return true;
        }

        return false;
    }

    /// <summary>Whether a comma stands outside of quoted strings, or a quote has no end.</summary>
    private static bool IsList(string value)
    {
        var isQuoted = false;
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '"') isQuoted = !isQuoted;
            else if (isQuoted && value[i] == '\\') i++;
            else if (!isQuoted && value[i] == ',') return true;
        }

        return isQuoted;
    }

    private bool FitsOne(ReadOnlySpan<char> given)
    {
        if (given.IndexOf(';') is var end and >= 0) given = given[..end];
        given = given.Trim();
        foreach (var type in _types)
        {
            if (type == "*/*" || given.Equals(type, StringComparison.OrdinalIgnoreCase)) return true;
            if (type.EndsWith("/*", StringComparison.Ordinal) && given.StartsWith(type.AsSpan(0, type.Length - 1), StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
