import { describe, expect, it } from "vitest";
import { allowedColumns, keepColumns } from "../../src/tables/columns.ts";

const fate = (header: string, personal = false) => {
  const { shown, dropped, hidden } = allowedColumns([header], { personal });
  expect(shown.length + dropped.length + hidden.length).toBe(1);
  return shown.length ? "shown" : dropped.length ? "dropped" : "hidden";
};

describe("columns pass by their headers", () => {
  it.each([
    ...[
      "SSN",
      "ssn",
      "User SSN",
      "S.S.N.",
      "s\u200bsn",
      "SSN (last 4)",
      "Social Security Number",
      "social_security_no",
    ],
    ...[
      "view_key",
      "View Key",
      "viewKey",
      "Login Key",
      "LOGIN_KEY",
      "API key",
      "acct_key",
      "Key",
      "Access token",
      "OTP",
    ],
    ...[
      "Sign-in link",
      "Log in URL",
      "login_url",
      "loginLink",
      "Automated login",
      "Link to log in",
      "SSO URL",
    ],
    ...[
      "Certificate link",
      "certificate_view_link",
      "public_certificate_view_link",
      "certificateurl",
      "View certificate",
    ],
    ...["webcal_link", "webcal_secure_link", "Calendar link", "Calendar feed", "Calendar Key"],
    ...[
      "Password",
      "Temporary password",
      "user_password",
      "Passcode",
      "Password reset link",
      "latest_ipn_data",
    ],
  ])("never shows %s", (header) => {
    expect(fate(header)).toBe("dropped");
    expect(fate(header, true)).toBe("dropped");
  });

  it.each([
    ...["Address", "address ", "address_2", "Street Address", "Home address (line 1)", "IP address"],
    ...[
      "Phone",
      "Work phone",
      "work_phone",
      "WORKPHONE",
      "workPhone",
      "Cell",
      "Cell Phone Number",
      "Mobile",
      "Tel.",
    ],
    ...["Date of birth", "date_of_birth", "DateOfBirth", "Birthday", "DOB", "Gender", "Sex"],
    ...["Zip", "ZIP / Postal Code", "City", "State", "Country", "City, State and Country", "Province"],
    ...["Notification email", "notification_email", "Personal e-mail address"],
  ])("hides %s unless it is revealed", (header) => {
    expect(fate(header)).toBe("hidden");
    expect(fate(header, true)).toBe("shown");
  });

  it.each([
    ...[
      "SkyPrep ID",
      "First name",
      "Email",
      "Email address",
      "E-mail",
      "Login",
      "Login Status",
      "Last Login",
    ],
    ...[
      "Course Name",
      "class_name",
      "Classname",
      "Class number",
      "Certificate",
      "Certificate number",
      "Expiration Date",
    ],
    ...[
      "Region",
      "Cost centre",
      "Keyboard skills",
      "Review key concepts",
      "Safe phone use at work",
      "State of progress",
    ],
    ...[
      "Cancelled",
      "Access start date",
      "Password Expiration Date",
      "csv_url",
      "Email notifications",
      "Bypass code",
    ],
    ...["LinkedIn certificate", "Medical link", "", "%"],
  ])("shows %s", (header) => {
    expect(fate(header)).toBe("shown");
  });

  it("tells places and names apart", () => {
    const allowed = allowedColumns(["Email", "SSN", "Cell", "Status"], { personal: false });

    expect(allowed).toEqual({ shown: [0, 3], dropped: ["SSN"], hidden: ["Cell"] });
  });
});

describe("a table with the allowed columns only", () => {
  const columns = ["Email", "SSN", "Course", "Status"];

  it("keeps their cells", () => {
    const table = keepColumns(
      { columns, rows: [["a@b.test", "123-45-6789", "Safety", "passed"]], problems: [] },
      [0, 2, 3],
    );

    expect(table).toEqual({
      columns: ["Email", "Course", "Status"],
      rows: [["a@b.test", "Safety", "passed"]],
      problems: [],
    });
  });

  it("leaves out a cell that may have slipped from a column that is not shown", () => {
    const longer = ["Lee", "a@b.test", "123-45-6789", "Safety", "passed"];
    const shorter = ["123-45-6789", "Safety", "passed"];

    const table = keepColumns({ columns, rows: [longer, shorter], problems: ["Row 2"] }, [0, 2, 3]);

    expect(JSON.stringify(table)).not.toContain("6789");
    expect(table.rows).toEqual([
      ["Lee", "(left out)", "Safety"],
      ["(left out)", "passed", ""],
    ]);
    expect(table.problems).toEqual([
      "Row 2",
      "2 such rows have cells left out that may belong to a column not shown.",
    ]);
  });

  it("keeps the cells of such rows where every column is shown", () => {
    const table = keepColumns({ columns: ["a", "b"], rows: [["1"], ["1", "2", "3"]], problems: [] }, [0, 1]);

    expect(table.rows).toEqual([
      ["1", ""],
      ["1", "2"],
    ]);
  });

  it.each([
    "https://x.test/account/automated_login?login_key=abc",
    "webcals://x.test/public_api/calendar/?user_id=1&calendar_key=abc",
    "https://x.test/public_api/view_certificate?course_progress_id=9&view_key=abc",
  ])("leaves out %s whatever its column is called", (link) => {
    expect(keepColumns({ columns: ["Link"], rows: [[link]], problems: [] }, [0]).rows).toEqual([
      ["(left out)"],
    ]);
  });

  it("leaves out what looks like a secret where there is no header", () => {
    const rows = [["Avery Lee", "123-45-6789", "k3j9x2abq8w7e6r5"]];

    const table = keepColumns(
      { columns: ["column 1", "column 2", "column 3"], rows, problems: [] },
      [0, 1, 2],
    );

    expect(table.rows).toEqual([["Avery Lee", "(left out)", "(left out)"]]);
  });
});
