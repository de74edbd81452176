import { describe, expect, test } from "vitest";
import { ask, newSandbox, noon, type Params } from "./ask.ts";

interface Payment {
  id: number;
  status: string;
  payment_type: string;
  created_at: string;
}

const day = 86_400_000;

test("materials have the page's twelve keys", async () => {
  const found = (await ask(newSandbox().send, "get_materials")).json<{ id: number }[]>();

  expect(found.map((material) => material.id)).toEqual(expect.arrayContaining([1401, 1402]));
  expect(Object.keys(found[0] ?? {})).toEqual(
    "created_at updated_at article_id id parent_id name download_url file_extension descriptive_extension version_code page_count category".split(
      " ",
    ),
  );
});

describe("payments", () => {
  const read = async (params: Params = {}) => {
    const { send, world } = newSandbox();
    world.payments.clear();
    const sale = { transaction_number: "pi_1", amount: "99.00", user_id: 101 };
    const sold = (id: number, rest: { payment_type: "stripe" | "paypal"; status: string; age: number }) =>
      world.payments.set(id, {
        id,
        ...sale,
        payment_type: rest.payment_type,
        status: rest.status,
        created_at: noon - rest.age * day,
      });
    sold(1, { payment_type: "stripe", status: "complete", age: 10 });
    sold(2, { payment_type: "paypal", status: "complete", age: 1 });
    sold(3, { payment_type: "paypal", status: "refunded", age: 5 });
    return (await ask(send, "get_payments", params)).json<Payment[]>();
  };

  test("come newest first, with the page's 27 keys", async () => {
    const found = await read();

    expect(found.map((payment) => payment.id)).toEqual([2, 3, 1]);
    expect(Object.keys(found[0] ?? {})).toHaveLength(27);
    expect(found[0]).toMatchObject({
      first_name: "Avery",
      payer_email: "avery@example.com",
      amount: "99.00",
    });
  });

  test.each<[Params, number[]]>([
    [{ status: "complete" }, [2, 1]],
    [{ payment_type: "paypal" }, [2, 3]],
    [{ created_after_days_ago: 6 }, [2, 3]],
    [{ status: "complete", payment_type: "paypal", created_after_days_ago: 3 }, [2]],
  ])("%j leaves %j", async (params, ids) => {
    expect((await read(params)).map((payment) => payment.id)).toEqual(ids);
  });

  test("the seed sold 1501 and 1502", async () => {
    const found = (await ask(newSandbox().send, "get_payments")).json<Payment[]>();

    expect(found.map((payment) => payment.id)).toEqual(expect.arrayContaining([1501, 1502]));
  });
});
