namespace Harmony.Core.Configuration.Toml;

/// <summary>
/// A variable that stands where TOML wants a value, such as <c>$PORT</c> or <c>${PORT:-8080}</c>.
/// Not TOML, see <see cref="TomlReaderOptions.AllowVariables"/>.
/// </summary>
/// <param name="text">The variable as written, from the <c>$</c> on.</param>
/// <param name="location">Where it stands.</param>
public sealed class TomlVariable(string text, SourceLocation location) : TomlValue(location)
{
    /// <summary>The variable as written, from the <c>$</c> on; its inner form is not checked yet.</summary>
    public string Text { get; } = text;

    /// <inheritdoc/>
    public override string KindName => "a variable";
}
