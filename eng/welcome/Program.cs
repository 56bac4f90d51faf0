using System.Text;
using System.Text.Json;

// Shows a running platform's addresses and ready-made sign-ins (artifacts/run.json), in English and Chinese.
if (args is not [var runFile])
{
    Console.Error.WriteLine("usage: Welcome <path of run.json>");
    return 2;
}

string[] columns = ["role", "name", "signIn", "password"];
Console.OutputEncoding = Encoding.UTF8;
var words = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "words.zh.json")))!;
using var run = JsonDocument.Parse(File.ReadAllText(runFile));

Show("addresses", [.. run.RootElement.EnumerateObject()
    .Where(member => member.Value.ValueKind == JsonValueKind.String)
    .Select(member => new[] { Both(member.Name), member.Value.GetString()! })]);
if (run.RootElement.TryGetProperty("people", out var people))
{
    Show("people", [[.. columns.Select(Both)], .. people.EnumerateArray().Select(person => columns.Select(c => Cell(person, c)).ToArray())]);
}

return 0;

string Both(string key) => words.TryGetValue(key, out var chinese) ? $"{key} {chinese}" : key;

string Cell(JsonElement person, string column)
{
    var text = person.TryGetProperty(column, out var value) ? value.ToString() : "";
    return column == "role" ? Both(text) : text;
}

void Show(string title, string[][] rows)
{
    Console.WriteLine($"\n{Both(title)}");
    if (rows.Length == 0) return;
    var widths = Enumerable.Range(0, rows[0].Length).Select(i => rows.Max(row => Width(row[i]))).ToArray();
    foreach (var row in rows)
    {
        Console.WriteLine("  " + string.Concat(row.Select((cell, i) => cell + new string(' ', widths[i] - Width(cell) + 2))).TrimEnd());
    }
}

// A terminal shows a Chinese character two columns wide.
static int Width(string text) => text.EnumerateRunes().Sum(rune => rune.Value >= 0x2E80 ? 2 : 1);
